#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copies driver traces and recorded timings into the repository, compressed reproducibly.
#   scripts/import_recordings.sh DIRECTORY
# DIRECTORY holds traces/NAME/{input.txn,layers.json} and rtl/NAME.{json,ops.csv,dma.csv,csb.csv,dma_trace.csv.gz}.
# Files of the same name are replaced; nothing else is touched.
set -euo pipefail

if [ $# -ne 1 ] || [ ! -d "$1/traces" ] || [ ! -d "$1/rtl" ]; then
  echo "usage: $0 DIRECTORY (with traces/ and rtl/ in it)" >&2
  exit 2
fi
source_dir=$1
root=$(cd "$(dirname "$0")/.." && pwd)

for trace in "$source_dir"/traces/*/; do
  name=$(basename "$trace")
  target=$root/firmware_traces/$name
  mkdir -p "$target"
  gzip -n -9 -c "$trace/input.txn" > "$target/input.txn.gz"
  cp "$trace/layers.json" "$target/layers.json"
  chmod 644 "$target"/*
done

mkdir -p "$root/validation/recordings"
for file in "$source_dir"/rtl/*.json "$source_dir"/rtl/*.csv "$source_dir"/rtl/*.csv.gz; do
  [ -e "$file" ] || continue
  install -m 644 "$file" "$root/validation/recordings/$(basename "$file")"
done

for recording in "$root"/validation/recordings/*.json; do
  trace=$(sed -n 's/.*"trace": *"\([^"]*\)".*/\1/p' "$recording" | head -n 1)
  if [ ! -e "$root/firmware_traces/$trace/input.txn.gz" ]; then
    echo "$recording: its trace $trace is not in firmware_traces" >&2
    exit 1
  fi
done
