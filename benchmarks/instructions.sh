#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Counts instructions with callgrind, which no other load on the machine changes, and prints them beside the
# bound that must not be exceeded and the goals. Exit status 1 when a figure is beyond its bound.
#   benchmarks/instructions.sh BUILD_FOLDER [--markdown] [FIGURE...]
# FIGURE: names of the first column (default: all). --markdown: the table of docs/speed.md. Needs valgrind; all
# of it takes some ten minutes.
#
# A figure in process is the difference between 11 and 1 repetitions, over 10: reading the trace and starting
# the program fall out. An evaluation is a point of `explore`, in the same way. BOUND is a little above what was
# measured last: lower it when the model gets faster.
set -euo pipefail
cd "$(dirname "$0")/.."

build=${1:?usage: benchmarks/instructions.sh BUILD_FOLDER [--markdown] [FIGURE...]}
shift
markdown=
if [ "${1:-}" = --markdown ]; then
  markdown=1
  shift
fi
command=$build/bin/nvdla-vp
traces=firmware_traces
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
status=0

instructions() {  # instructions ARGUMENT...: of nvdla-vp
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$command" "$@" -q 2>&1 >/dev/null |
    awk '/Collected/ {print $NF}'
}
in_process() {  # in_process ARGUMENT...: of one repetition
  local once often
  once=$(instructions "$@" --repeat 1)
  often=$(instructions "$@" --repeat 11 $reset)
  echo $(((often - once) / 10))
}
evaluation() {  # evaluation TRACE: of one point, of 11 that differ in the memory's latency
  local once often
  once=$(instructions explore "$1" --jobs 1 --sweep dbb.latency=50)
  often=$(instructions explore "$1" --jobs 1 --sweep "dbb.latency=$(seq -s, 50 60)")
  echo $(((often - once) / 10))
}
resident() {  # resident ARGUMENT...: kilobytes at most
  python3 - "$command" "$@" <<'PYTHON'
import resource, subprocess, sys
subprocess.run(sys.argv[1:] + ["-q"], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
PYTHON
}
growth() {  # growth ARGUMENT...: kilobytes that 1,000 repetitions take more than one
  echo $(($(resident "$@" --repeat 1000 --reset-between) - $(resident "$@" --repeat 1)))
}
bursts() {  # bursts ARGUMENT...: of a replay
  "$command" "$@" -q --json - | awk -F'[:,]' '/"bursts"/ {gsub(/ /, "", $2); print $2}'
}

# 1,000 writes of a register that does nothing by itself: PDP's destination address.
accesses() {
  for _ in $(seq 1000); do echo "write_reg 0xffff341c 0x80000000"; done >"$directory/accesses.txn"
  echo "$directory/accesses.txn"
}

measure() {  # measure FIGURE
  reset=--reset-between
  case $1 in
    alexnet-nv_small) instructions replay $traces/alexnet_nv_small_int8/input.txn.gz -c nv_small ;;
    alexnet-nv_full) instructions replay $traces/alexnet_nv_full_int8/input.txn.gz ;;
    lenet-nv_full) instructions replay $traces/lenet_nv_full_int8/input.txn.gz ;;
    evaluation) evaluation $traces/alexnet_nv_full_int8/input.txn.gz ;;
    refined-nv_small)
      instructions replay $traces/alexnet_nv_small_int8/input.txn.gz -c nv_small --level refined ;;
    systemc-burst)
      local trace=$traces/alexnet_nv_full_int8/input.txn.gz
      echo $(($(instructions replay $trace --systemc) / $(bursts replay $trace))) ;;
    csb-access)
      reset=
      echo $(($(in_process replay "$(accesses)") / 1000)) ;;
    csb-access-systemc)
      reset=
      echo $(($(in_process replay "$(accesses)" --systemc) / 1000)) ;;
    memory-kb) growth replay $traces/lenet_nv_full_int8/input.txn.gz ;;
    memory-json-kb) growth replay $traces/lenet_nv_full_int8/input.txn.gz --json "$directory/out.json" ;;
    *) echo "unknown figure $1" >&2; return 2 ;;
  esac
}

# figure, measured before the redesign (systemc-burst then without the start of the program), bound, goal, dream
table='
alexnet-nv_small    42700000000 3200000000 4300000000 1000000000
alexnet-nv_full      1621000000 535000000 600000000 250000000
lenet-nv_full          27000000 12900000 20000000 15000000
evaluation             12000000 1000000 1000000 200000
refined-nv_small      200000000 19700000 45000000 20000000
systemc-burst              6221 4000 4000 2500
csb-access                  681 35 300 150
csb-access-systemc         2526 980 1000 500
memory-kb                  6000 600 600 600
memory-json-kb            32000 600 600 600
'

if [ -n "$markdown" ]; then
  printf '| figure | then | now | goal | dream |\n|---|--:|--:|--:|--:|\n'
else
  printf '%-20s %15s %15s %15s %15s %15s\n' figure then now bound goal dream
fi
while read -r figure before bound goal dream; do
  [ -n "$figure" ] || continue
  if [ $# -gt 0 ] && ! printf '%s\n' "$@" | grep -qx -- "$figure"; then continue; fi
  now=$(measure "$figure")
  verdict=
  if [ "$now" -gt "$bound" ]; then
    verdict="  WORSE than its bound"
    status=1
  fi
  if [ -n "$markdown" ]; then
    printf "| %s | %'d | %'d | %'d | %'d |%s\n" "$figure" "$before" "$now" "$goal" "$dream" "$verdict"
  else
    printf "%-20s %15d %15d %15d %15d %15d%s\n" "$figure" "$before" "$now" "$bound" "$goal" "$dream" "$verdict"
  fi
done <<<"$table"
exit $status
