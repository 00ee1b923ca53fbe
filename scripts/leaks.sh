#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Looks for memory that nobody frees. What runs without SystemC goes through LeakSanitizer, preloaded into the
# programs as they are built; the component, whose coroutine stacks LeakSanitizer cannot read, through valgrind.
# Successful runs and failing ones. First it makes sure that either tool reports a leak that is there.
#   scripts/leaks.sh BUILD_FOLDER [--all]
# --all: every test program without SystemC; else the command and the shorter ones.
set -uo pipefail
cd "$(dirname "$0")/.."

build=${1:?usage: scripts/leaks.sh BUILD_FOLDER [--all]}
all=${2:-}
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
sanitizer=$(${CXX:-g++} -print-file-name=liblsan.so)
leak=23  # exit status of a run that leaked
failed=0

lsan() { LD_PRELOAD=$sanitizer LSAN_OPTIONS=exitcode=$leak "$@" >"$directory/lsan" 2>&1; }
memcheck() {
  valgrind -q --leak-check=full --errors-for-leak-kinds=definite,indirect --show-leak-kinds=definite,indirect \
    --error-exitcode=$leak "$@" >"$directory/memcheck" 2>&1
}
check() {  # check TOOL STATUS COMMAND...: ends with STATUS
  local tool=$1 expected=$2
  shift 2
  "$tool" "$@"
  local status=$?
  if [ $status -eq "$expected" ]; then
    echo "$tool: ${*##*/}"
  else
    echo "$tool: status $status instead of $expected: $*"
    tail -n 40 "$directory/$tool"
    failed=1
  fi
}

printf '#include <cstdlib>\nint main() { volatile char* lost = new char[100]; lost[0] = 1; lost = nullptr; }\n' \
  >"$directory/leak.cpp"
${CXX:-g++} -O0 -o "$directory/leak" "$directory/leak.cpp"
tools=(lsan)
command -v valgrind >/dev/null && tools+=(memcheck) || echo "valgrind is not there: the component is not checked"
for tool in "${tools[@]}"; do check "$tool" $leak "$directory/leak"; done

vp=$build/bin/nvdla-vp
lenet=firmware_traces/lenet_nv_full_int8/input.txn.gz
odd=firmware_traces/u_pool_max2_nv_full_int8/input.txn.gz
printf 'write_reg 0xffff0003 0x00000001\nwait\n' >"$directory/stuck.txn"
out=$directory/out
check lsan 0 "$vp" replay $lenet -q --json "$out.json" --csv "$out.csv" --timeline "$out.tl" --dma-trace "$out.csv.gz"
check lsan 0 "$vp" replay $lenet -q --repeat 3 --reset-between
check lsan 0 "$vp" estimate $lenet
check lsan 1 "$vp" replay "$directory/stuck.txn"
check lsan 1 "$vp" replay $odd -q --repeat 2
check lsan 1 "$vp" replay $lenet -c nv_small
check lsan 2 "$vp" replay /does/not/exist --level none

# The two tools beside each other.
programs() {
  local programs=(files host memory network loadable)
  [ "$all" = --all ] && programs+=(hardware operation amaix registers engine driver images compute)
  for program in "${programs[@]}"; do check lsan 0 "$build/bin/${program}_tests" --gtest_brief=1; done
  return $failed
}
programs &

if [ ${#tools[@]} -eq 2 ]; then
  check memcheck 0 "$vp" replay $lenet -q --systemc
  check memcheck 0 "$vp" replay $lenet -q --systemc --repeat 2 --reset-between
  check memcheck 1 "$vp" replay "$directory/stuck.txn" --systemc
  check memcheck 1 "$vp" replay $odd -q --systemc --repeat 2
  check memcheck 0 "$vp" dma "$out.csv.gz"
fi
wait $! || failed=1
exit $failed
