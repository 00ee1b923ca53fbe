#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An exploration divided by GNU parallel, and by Slurm where sbatch is there, is the one that was made at once; a
# shard that is killed and started again loses nothing and counts nothing twice.
# usage: scripts/test_shards.sh [path of nvdla-vp]
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-build/bin/nvdla-vp}")
trace=$PWD/firmware_traces/alexnet_nv_full_int8/input.txn.gz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > spec.json <<SPEC
{"schema": "nvdla-exploration/1", "inputs": [{"file": "$trace", "config": "nv_full"}],
 "axes": {"atomic_k_int8": [16, 32], "dbb.bandwidth": {"from": 8, "to": 64, "steps": 20},
          "dbb.latency": {"from": 10, "to": 200, "steps": 20}}}
SPEC
"$program" explore spec.json --quiet --output once.jsonl

check() { # name: shards name*.jsonl against once.jsonl
  "$program" merge "$1".*.jsonl --quiet --output "$1.jsonl"
  # A shard's header differs; the points do not.
  diff <(tail -n +2 once.jsonl | sort) <(tail -n +2 "$1.jsonl" | sort) > /dev/null ||
    { echo "$1: the shards together are not the exploration" >&2; exit 1; }
  echo "$1: $(($(wc -l < "$1.jsonl") - 1)) points, each once"
}

# One shard is killed in the middle and begun again by the same command.
"$program" explore spec.json --quiet --jobs 1 --shard 2/4 --output parallel.2.jsonl &
killed=$!
for _ in $(seq 2000); do
  [ -f parallel.2.jsonl ] && [ "$(wc -l < parallel.2.jsonl)" -gt 20 ] && break
  sleep 0.005
done
kill -KILL $killed
wait $killed 2> /dev/null || true
echo "killed shard 2 of 4 after $(($(wc -l < parallel.2.jsonl) - 1)) of 200 points"
parallel -j 2 "$program" explore spec.json --quiet --jobs 1 --shard {}/4 --output parallel.{}.jsonl ::: 0 1 2 3
check parallel

if command -v sbatch > /dev/null && sinfo -h -o %a 2> /dev/null | grep -q up; then
  sbatch --quiet --wait --array=0-3 --chdir="$work" --output=/dev/null --wrap \
    "$program explore spec.json --quiet --jobs 1 --shard \$SLURM_ARRAY_TASK_ID/4 --output slurm.\$SLURM_ARRAY_TASK_ID.jsonl"
  check slurm
else
  echo "slurm: not running here, left out"
fi
