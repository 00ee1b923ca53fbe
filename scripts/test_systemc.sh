#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds everything against the SystemC installed in PREFIX and runs all tests, those of the installed package
# included. STANDARD: the language level that this SystemC was built for.
# Build directory: $NVDLA_TEST_DIR (default build-test)/systemc-<name of PREFIX>.
set -euo pipefail
if [ $# -lt 1 ] || [ $# -gt 2 ]; then
  echo "usage: scripts/test_systemc.sh PREFIX [STANDARD, default 17]" >&2
  exit 2
fi
prefix=$(realpath -e "$1")
standard=${2:-17}
cd "$(dirname "$0")/.."
build=${NVDLA_TEST_DIR:-build-test}/systemc-$(basename "$prefix")-cxx$standard

# GCC 12 warns of Boost's and its own headers at later levels.
werror=ON
[ "$standard" = 17 ] || werror=OFF

cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DNVDLA_WERROR="$werror" -DSYSTEMC_HOME="$prefix" \
      -DCMAKE_CXX_STANDARD="$standard"
cmake --build "$build"
ctest --test-dir "$build" --output-on-failure --no-tests=error -j "$(nproc)"
