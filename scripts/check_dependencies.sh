#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fails when a file includes a header of a folder that its own folder must not know (docs/architecture.md).
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A knows=(
  [tlm_model/hardware]="hardware"
  [tlm_model/operation]="hardware operation"
  [tlm_model/memory]="hardware memory"
  [tlm_model/amaix]="hardware operation memory amaix"
  [tlm_model/compute]="hardware operation memory compute"
  [tlm_model/registers]="hardware operation registers"
  [tlm_model/engine]="hardware operation memory amaix compute registers engine"
  [tlm_model/device]="hardware operation memory amaix compute registers engine device"
  [host]="hardware operation memory amaix compute registers engine host"
  [analysis]="hardware operation memory amaix compute registers engine host analysis"
  [mapper]="hardware operation memory amaix compute registers engine host analysis mapper"
  [platform]="hardware operation memory amaix compute registers engine device host platform"
  [validation]="hardware operation memory amaix compute registers engine host validation"
  [command]="hardware operation memory amaix compute registers engine device host analysis mapper platform validation command"
  [tools]="hardware operation memory amaix compute registers engine host tools"
  [fuzz]="hardware operation memory amaix compute registers engine host analysis mapper validation tools"
)
folders="hardware operation memory amaix compute registers engine device host analysis mapper platform validation command tools"

status=0
for folder in "${!knows[@]}"; do
  while IFS=: read -r file line of; do
    [[ " $folders " == *" $of "* && " ${knows[$folder]} " != *" $of "* ]] || continue
    echo "$file:$line: $folder must not include a header of $of" >&2
    status=1
  done < <(grep -rnE '#include "[^/"]+/' "$folder" --include='*.h' --include='*.cpp' |
    sed -E 's/#include "([^/"]+)\/.*/\1/')
  case $folder in
    tlm_model/device | platform | command) ;;
    *) if grep -rnE '#include <(systemc|tlm)' "$folder"; then
         echo "$folder must not know SystemC" >&2
         status=1
       fi ;;
  esac
done
exit $status
