#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plays the traces of a folder of nvdla/hw on their configurations and prints a table: every .cfg of
# verif/tests/trace_tests (branches nv_small and master; a folder for each configuration) and every input.txn
# of verif/traces/traceplayer (branch nvdlav1; nv_full). Fails when one fails for another reason than an input
# file that is not there or a unit that its configuration lacks.
# Usage: vendor_tests.sh FOLDER [NVDLA_VP]    FOLDER holds trace_tests or traceplayer, or is a checkout
#   git clone -b master https://github.com/nvdla/hw; scripts/vendor_tests.sh hw
#   git clone -b nvdlav1 https://github.com/nvdla/hw hw1; scripts/vendor_tests.sh hw1
set -uo pipefail
[ $# -ge 1 ] || { sed -n 3,9p "$0" >&2; exit 2; }
folder=$(realpath "$1")
vp=$(realpath "${2:-$(dirname "$0")/../build/bin/nvdla-vp}")
[ -x "$vp" ] || { echo "vendor_tests.sh: no program $vp; build it or name it" >&2; exit 2; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 2 # dump_mem writes to the working directory

first() { for one in "$@"; do [ -d "$one" ] && { echo "$one"; return; }; done; }
tests=$(first "$folder/trace_tests" "$folder/verif/tests/trace_tests")
player=$(first "$folder/traceplayer" "$folder/verif/traces/traceplayer")
[ -n "$tests$player" ] || { echo "vendor_tests.sh: neither trace_tests nor traceplayer in $folder" >&2; exit 2; }

failed=0 total=0 equal=0 different=0
play() { # play NAME CONFIGURATION FILE
  local output status outcome options=()
  case $2 in nv_full | nv_large | nv_medium_1024_full | nv_small_256_full) options=(--cvsram latency=50) ;; esac
  # What a trace dumps lies beside it, as the hardware left it.
  grep -q '^dump_mem' "$3" && options+=(--golden "$(dirname "$3")")
  rm -f result.json
  output=$(timeout 300 "$vp" replay "$3" --config "$2" "${options[@]}" --quiet --json result.json 2>&1)
  status=$?
  total=$((total + 1))
  if [ $status -eq 0 ]; then
    outcome="$(grep -o '"total_cycles": [0-9]*' result.json | grep -o '[0-9]*$') cycles"
    local same
    same=$(grep -c '"result": "equal"' result.json)
    equal=$((equal + same))
    [ "$same" -eq 0 ] || outcome="$outcome, contents equal"
  else
    outcome=$(grep -m1 '^nvdla-vp: ' <<<"$output")
    case $outcome in
      *"No such file or directory"*) outcome="missing input $(grep -oE '[^/ ]+: No such file' <<<"$outcome" | head -1 | cut -d: -f1)" ;;
      *"has no "*) outcome="unit missing: ${outcome##*configuration }" ;;
      "") [ -s result.json ] && different=$((different + $(grep -c '"result": "different"' result.json)))
        outcome="FAILED ($status) ${output:0:200}"; failed=$((failed + 1)) ;;
      *) outcome="FAILED ($status) ${outcome:-${output:0:200}}"; failed=$((failed + 1)) ;;
    esac
  fi
  printf '%-20s %-50s %s\n' "$2" "$1" "$outcome"
}

if [ -n "$tests" ]; then
  for configuration in "$tests"/nv_*/; do
    for file in "$configuration"*/*.cfg; do
      [ -f "$file" ] && play "$(basename "$file" .cfg)" "$(basename "$configuration")" "$file"
    done
  done
fi
if [ -n "$player" ]; then
  for file in "$player"/*/input.txn; do
    [ -f "$file" ] && play "$(basename "$(dirname "$file")")" nv_full "$file"
  done
fi
echo "$total traces, $failed failed; $equal checks of contents equal, $different different"
[ $failed -eq 0 ]
