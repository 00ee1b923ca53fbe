#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Plays every trace of firmware_traces by the runner and by the SystemC component, at all levels, with a fast and
# a slow memory and with one without latency, and compares everything a listener hears. Argument: the build
# folder. Some minutes; the test suite does the same with a few traces.
set -eu
build=${1:?usage: scripts/compare_runner.sh BUILD_FOLDER}
NVDLA_ALL_TRACES=1 "$build/bin/platform_tests" --gtest_filter='*RunnerAndComponent*' --gtest_brief=1
