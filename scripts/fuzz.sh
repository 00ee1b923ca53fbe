#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the fuzzers for long: random programs of a driver on the accelerator, changed inputs on every reader,
# changed networks on the driver and on the model, and the properties of single units on random cases.
#   scripts/fuzz.sh BUILD_FOLDER [EXECUTIONS [FIRST_SEED]]
# EXECUTIONS (default 1000000) are shared by the readers; the driver makes 1 for 10 of them, the networks on the
# model 1 for 40, the accelerator 1 for 50, a property 1 for 1,000. A failure names its seed: NVDLA_FUZZ_SEED=SEED
# BUILD_FOLDER/bin/parsers_tests (fuzz_tests, driver_tests, network_tests) repeats it. With a build for the
# sanitizers (-DNVDLA_SANITIZE=ON) it looks for undefined behaviour and leaks as well.
set -euo pipefail
build=${1:?usage: scripts/fuzz.sh BUILD_FOLDER [EXECUTIONS [FIRST_SEED]]}
export NVDLA_FUZZ_EXECUTIONS=${2:-1000000} NVDLA_FUZZ_SEED=${3:-1}
# Inputs are files: in memory where there is some.
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ]; then
  TMPDIR=$(mktemp -d /dev/shm/nvdla_fuzz_XXXXXX)
  export TMPDIR
  trap 'rm -rf "$TMPDIR"' EXIT
fi
status=0
for fuzzer in parsers fuzz; do "$build/bin/${fuzzer}_tests" --gtest_brief=1 || status=1; done
for programs in driver network; do
  "$build/bin/${programs}_tests" --gtest_brief=1 --gtest_filter='Hostile*' || status=1
done
# ctest gives them the same seed every time.
properties='SharedTiming.*:MemoryTiming.*Played*:MemoryInterfaceProperties.*:SharedBuffer.*:Scheduler.*Order'
properties+=':Convolution*:DirectRequests.*:ImageRequests.*:Properties.*:Pareto.*'
for unit in memory engine amaix registers analysis; do
  RC_PARAMS="seed=$NVDLA_FUZZ_SEED max_success=$((NVDLA_FUZZ_EXECUTIONS / 1000 + 1))" \
    "$build/bin/${unit}_tests" --gtest_brief=1 --gtest_filter="$properties" || status=1
done
exit $status
