#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the build and the tests need from Debian's archive, unless it is there. Needs root or sudo
# only if something is missing.
#   scripts/install_dependencies.sh [--tests]
set -euo pipefail

packages=(cmake g++ ninja-build pkg-config libsystemc-dev libboost-dev libboost-program-options-dev
          libboost-iostreams-dev nlohmann-json3-dev flatbuffers-compiler libflatbuffers-dev libpng-dev
          libjpeg-dev zlib1g-dev libjs-d3 verilator libonnx-dev libprotobuf-dev)
if [ "${1:-}" = --tests ]; then
  packages+=(libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev clang libclang-rt-dev lld clang-format clang-tidy
             valgrind chromium parallel)
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

run=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "$0: run as root or install sudo; missing: ${missing[*]}" >&2; exit 1; }
  run=(sudo)
fi
echo "installing: ${missing[*]}"
"${run[@]}" apt-get update
"${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
