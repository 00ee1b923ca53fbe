#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Changes constants and conditions of tlm_model one at a time (tests/mutations.txt), runs the tests that should
# see each change, and prints which changes were killed and the score. The exit status is 0 only if every change
# applied and built and at least 90 % were killed.
#   scripts/mutate.sh [NUMBER...]
#   scripts/mutate.sh --check
# NUMBER: the change's number in the list; without one, all of them. --check: only whether each applies.
# NVDLA_MUTATION_DIR: build folder (default build-mutation). NVDLA_JOBS: compilers at once (default: all cores).
#
# The changes are made in a copy of tlm_model in the build folder, which sees the rest of the repository through
# links: the tree itself is never touched.
set -uo pipefail
cd "$(dirname "$0")/.."

root=$PWD
directory=${NVDLA_MUTATION_DIR:-build-mutation}
mkdir -p "$directory"
directory=$(cd "$directory" && pwd)
jobs=${NVDLA_JOBS:-$(nproc)}
list=tests/mutations.txt
least=90  # per cent

die() { echo "$0: $*" >&2; exit 2; }

# -- the list ------------------------------------------------------------------------------------------
files=() texts=() replacements=() tests=() reasons=() lines=()
number=0
while IFS= read -r line || [ -n "$line" ]; do
  number=$((number + 1))
  last=$((${#files[@]} - 1))
  case $line in
    '' | '#'*) ;;
    '@ '*)
      files+=("tlm_model/${line#@ }") texts+=('') replacements+=('') tests+=('') reasons+=('') lines+=("$number")
      [ -f "tlm_model/${line#@ }" ] || die "$list:$number: there is no tlm_model/${line#@ }"
      ;;
    '- '* | '+ '* | '! '* | '= '*)
      [ "$last" -ge 0 ] || die "$list:$number: a line before the first '@ FILE'"
      case $line in
        '- '*) texts[last]=${line#- } ;;
        '+ '*) replacements[last]=${line#+ } ;;
        '! '*) tests[last]+="${line#! }"$'\n' ;;
        '= '*) reasons[last]=${line#= } ;;
      esac
      ;;
    *) die "$list:$number: a line begins with '# ', '@ ', '- ', '+ ', '! ' or '= ', not with: $line" ;;
  esac
done <"$list"
for i in "${!files[@]}"; do
  if [ -z "${texts[i]}" ] || [ -z "${replacements[i]}" ] || [ -z "${tests[i]}" ]; then
    die "$list:${lines[i]}: '- TEXT', '+ REPLACEMENT' or '! PROGRAM FILTER' is missing"
  fi
done

# Whether the text of change $1 stands once in its file.
applies() { [ "$(grep -oF -e "${texts[$1]}" "${files[$1]}" | wc -l)" -eq 1 ]; }

if [ "${1:-}" = --check ]; then
  status=0
  for i in "${!files[@]}"; do
    applies "$i" || { echo "$list:${lines[i]}: the text is not once in ${files[i]}: ${texts[i]}"; status=1; }
  done
  exit $status
fi

chosen=()
for argument in "$@"; do
  if ! [[ $argument =~ ^[1-9][0-9]*$ ]] || [ "$argument" -gt ${#files[@]} ]; then
    die "$argument is not the number of a change: 1 to ${#files[@]}"
  fi
  chosen+=($((argument - 1)))
done
[ ${#chosen[@]} -ne 0 ] || chosen=("${!files[@]}")

if [ -n "$(git status --porcelain -- tlm_model)" ]; then
  die "tlm_model has changes that are not committed: commit or stash them, so that the score is that of a commit"
fi

# -- the copy ------------------------------------------------------------------------------------------
exec 9>"$directory/lock"
flock -n 9 || die "another run uses $directory: set NVDLA_MUTATION_DIR"
tree=$directory/tree
mkdir -p "$tree"
find "$tree" -maxdepth 1 -type l -delete
for entry in $(git ls-files | cut -d/ -f1 | sort -u); do
  [ "$entry" = tlm_model ] || ln -s "$root/$entry" "$tree/$entry"
done
# Only what differs is copied, so that ninja builds only that.
while IFS= read -r file; do
  cmp -s "$file" "$tree/$file" || { mkdir -p "$(dirname "$tree/$file")" && cp "$file" "$tree/$file"; }
done < <(git ls-files tlm_model)
while IFS= read -r file; do
  [ -e "$root/$file" ] || rm -- "$tree/$file"
done < <(cd "$tree" && find tlm_model -type f)

mutated=
restore() {
  [ -n "$mutated" ] || return 0
  cp "$root/$mutated" "$tree/$mutated"
  mutated=
}
trap restore EXIT
trap 'exit 130' INT TERM

cmake -S "$tree" -B "$directory/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O1 \
  >"$directory/cmake.log" 2>&1 || { cat "$directory/cmake.log"; die "cmake failed"; }

build() { ninja -C "$directory/build" -j "$jobs" "$@" >"$directory/build.log" 2>&1; }

# Runs "PROGRAM FILTER". SystemC keeps one simulation a process, so its tests go through ctest, one by one.
run() {
  local program=${1%% *} filter=${1#* }
  case $program in
    device_tests | platform_tests | validation_tests)
      ctest --test-dir "$directory/build" -R "$filter" --no-tests=error --stop-on-failure -j "$jobs" \
        >"$directory/test.log" 2>&1
      ;;
    *)
      timeout 120 "$directory/build/bin/$program" --gtest_brief=1 --gtest_fail_fast --gtest_filter="$filter" \
        >"$directory/test.log" 2>&1
      ;;
  esac
}

# -- without a change everything must pass -------------------------------------------------------------
wanted=$(for i in "${chosen[@]}"; do printf '%s' "${tests[i]}"; done | sort -u)
# shellcheck disable=SC2046 # program names have no spaces
build $(cut -d' ' -f1 <<<"$wanted" | sort -u) || { cat "$directory/build.log"; die "the build fails"; }
while IFS= read -r test; do
  run "$test" || { cat "$directory/test.log"; die "'$test' fails without a change"; }
  grep -qE '^\[  PASSED  \] 0 tests' "$directory/test.log" && die "'$test' names no test"
done <<<"$wanted"

# -- the changes ---------------------------------------------------------------------------------------
killed=0 survived=0 broken=0 equivalent=0
for i in "${chosen[@]}"; do
  file=${files[i]}
  if ! applies "$i"; then
    verdict="does not apply (the text is not there once)"
    broken=$((broken + 1))
  else
    content=$(cat "$file"; echo x)
    content=${content%x}
    rest=${content#*"${texts[i]}"}
    mutated=$file
    printf '%s' "${content%"${texts[i]}$rest"}${replacements[i]}$rest" >"$tree/$file"
    verdict=SURVIVED
    while IFS= read -r test; do
      [ -n "$test" ] || continue
      if ! build "${test%% *}"; then
        verdict="does not build"
        break
      fi
      if ! run "$test"; then
        verdict=killed
        break
      fi
    done <<<"${tests[i]}"
    restore
    if [ -n "${reasons[i]}" ] && [ "$verdict" = SURVIVED ]; then
      verdict="survived, equivalent: ${reasons[i]}"
      equivalent=$((equivalent + 1))
    else
      case $verdict in
        killed) killed=$((killed + 1)) ;;
        SURVIVED) survived=$((survived + 1)) ;;
        *) broken=$((broken + 1)) ;;
      esac
    fi
  fi
  printf '%3d %s: %s\n      %s -> %s\n' $((i + 1)) "$file" "$verdict" "${texts[i]}" "${replacements[i]}"
done

counted=$((killed + survived))
score=0
[ $counted -eq 0 ] || score=$((100 * killed / counted))
echo "killed $killed of $counted ($score %), equivalent $equivalent, not applied or not built $broken"
[ $broken -eq 0 ] && [ $((killed * 100)) -ge $((least * counted)) ]
