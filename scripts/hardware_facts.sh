#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes docs/hardware-facts.md from tlm_model/hardware/paths. Usage: scripts/hardware_facts.sh [BUILD_DIR]
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
cmake --build "$build" --target hardware_tests
NVDLA_WRITE_HARDWARE_FACTS=1 "$build/bin/hardware_tests" --gtest_filter=HardwareFacts.TheDocumentIsUpToDate
