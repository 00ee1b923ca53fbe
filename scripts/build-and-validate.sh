#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs dependencies, builds (Release, in build/) and prints AlexNet and LeNet modelled against recorded.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_dependencies.sh
cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DNVDLA_BUILD_TESTS=OFF
cmake --build build
build/bin/nvdla-vp validate --bounds validation/bounds.json \
  validation/recordings/lenet_*.json validation/recordings/alexnet_*.json
