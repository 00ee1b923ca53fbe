#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Plays every trace of firmware_traces on memories that answer at random times and in random order, with and
# without SystemC, and checks the account of every operation at every level. Argument: the build folder. Takes
# long (AlexNet through SystemC); the test suite does the same with a few traces.
set -eu
build=${1:?usage: scripts/torture.sh BUILD_FOLDER [GTEST_FILTER]}
NVDLA_ALL_TRACES=1 "$build/bin/torture_tests" --gtest_filter="${2:-*}" --gtest_brief=1
