#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes docs/accuracy.md, docs/figures and the table in README.md from validation/recordings, tests/golden and
# tests/rtl_cases.
#   scripts/accuracy.sh
# NVDLA_VP: the command to use (default build/bin/nvdla-vp, as scripts/build-and-validate.sh builds it).
set -euo pipefail
cd "$(dirname "$0")/.."

command=${NVDLA_VP:-build/bin/nvdla-vp}
if [ ! -x "$command" ]; then
  echo "$0: $command does not exist; build it (scripts/build-and-validate.sh) or set NVDLA_VP" >&2
  exit 2
fi

"$command" validate --brief --report docs --notes validation/notes.json validation/recordings \
  tests/golden tests/rtl_cases/seen tests/rtl_cases/held_back >/dev/null

# The lines between two markers of docs/accuracy.md go between two markers of README.md.
for marker in accuracy /accuracy; do
  grep -qx "<!-- $marker -->" README.md || { echo "$0: README.md has no line <!-- $marker -->" >&2; exit 1; }
done
awk '
  FNR == NR { if ($0 == "<!-- /summary -->") inside = 0
              if (inside) text = text $0 "\n"
              if ($0 == "<!-- summary -->") inside = 1
              next }
  $0 == "<!-- /accuracy -->" { skip = 0 }
  !skip { print }
  $0 == "<!-- accuracy -->" { printf "%s", text; skip = 1 }
' docs/accuracy.md README.md > README.md.new
cat README.md.new > README.md
rm README.md.new
