#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs dependencies, builds with warnings as errors, runs all tests, the unit tests once more under
# AddressSanitizer and UndefinedBehaviorSanitizer, clang-format and clang-tidy. Every step runs even if an
# earlier one failed; the exit status is 0 only if all passed.
# NVDLA_TEST_DIR: build directory (default build-test).
set -uo pipefail
cd "$(dirname "$0")/.."

directory=${NVDLA_TEST_DIR:-build-test}
jobs=$(nproc)
failed=()

step() {  # step NAME COMMAND...
  local name=$1 begin=$SECONDS
  shift
  echo "== $name"
  if "$@"; then
    echo "== $name: passed ($((SECONDS - begin)) s)"
  else
    echo "== $name: FAILED ($((SECONDS - begin)) s)"
    failed+=("$name")
  fi
}

build() {  # build DIRECTORY OPTION...
  local where=$1
  shift
  cmake -S . -B "$where" -G Ninja -DNVDLA_WERROR=ON "$@" >"$where.log" 2>&1 || { cat "$where.log"; return 1; }
  cmake --build "$where" >"$where.log" 2>&1 || { cat "$where.log"; return 1; }
}

run_tests() {  # run_tests DIRECTORY CTEST-OPTION...
  local where=$1
  shift
  ctest --test-dir "$where" --output-on-failure --no-tests=error -j "$jobs" "$@" >"$where-tests.log" 2>&1
  local status=$?
  if [ $status -eq 0 ]; then tail -n 5 "$where-tests.log"; else cat "$where-tests.log"; fi
  return $status
}

sources() { find tlm_model host analysis platform validation command tests benchmarks examples -name '*.h' -o -name '*.cpp' | sort; }

format() { sources | xargs clang-format --dry-run --Werror; }

# Sources in the compilation database that are the project's own, the cores' share of them at a time.
tidy() {
  sources | grep -E '^(tlm_model|host|analysis|platform|validation|command)/.*\.cpp$' |
    xargs -P "$jobs" -n 4 nice clang-tidy --quiet -p "$directory/release" 2>/dev/null
}

# Replays that the sanitizers would slow down to minutes; the shorter ones go through the same code.
too_long='(PublicTraces|LevelAgreement|ConvolutionDmaTrace|AcceleratorRecordings).*(alexnet|nv_small|u_conv|u_fc|InMostCases)'
too_long+='|RecordingsAreWithinTheirBounds|AccuracyOfTheRepository'

mkdir -p "$directory"
step "dependencies" scripts/install_dependencies.sh --tests
step "build" build "$directory/release" -DCMAKE_BUILD_TYPE=Release -DNVDLA_BUILD_BENCHMARKS=ON
step "tests" run_tests "$directory/release"
step "folders" scripts/check_dependencies.sh
step "format" format
step "tidy" tidy
# Without optimisation: g++ takes four times as long over sanitized code with it.
step "sanitizer build" build "$directory/sanitize" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-g1 \
  -DNVDLA_SANITIZE=ON
export ASAN_OPTIONS=detect_stack_use_after_return=0
step "sanitizer tests" run_tests "$directory/sanitize" --exclude-regex "$too_long"

echo
if [ ${#failed[@]} -ne 0 ]; then
  echo "failed: ${failed[*]}"
  exit 1
fi
# The closing lines of the full run of the tests, last.
grep -E '^[0-9]+% tests passed|^Total Test time' "$directory/release-tests.log"
