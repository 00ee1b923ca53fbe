#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the pictures of docs/explain.md: reports as headless Chromium shows them.
# usage: scripts/report_screenshots.sh [path of nvdla-vp]
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-build/bin/nvdla-vp}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for recording in alexnet_nv_full_int8__L50_B64 lenet_nv_small_int8__L50_B8; do
  "$program" explain "validation/recordings/$recording" --quiet --html "$work/$recording.html"
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" \
    --window-size=1100,2350 --screenshot="docs/figures/explain_$recording.png" "file://$work/$recording.html" 2>/dev/null
done
