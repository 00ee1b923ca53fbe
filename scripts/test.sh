#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs dependencies, checks folders and format, builds with warnings as errors, runs all tests, looks for
# leaks, and does the tests once more under AddressSanitizer and UndefinedBehaviorSanitizer; clang-tidy on what
# has changed. What fails soon comes first. Every step runs even if an earlier one failed; the exit status is 0
# only if all passed.
#   scripts/test.sh [quick] [release] [tidy] [sanitize]
# Arguments: only these parts, so that several machines can share them; without any, all of them.
# NVDLA_TEST_DIR: build directory (default build-test).
# NVDLA_TIDY_BASE: clang-tidy looks at sources that differ from this commit, or include a header that does
# (default: where the branch left main, on main the commit before); "all": every source.
set -uo pipefail
cd "$(dirname "$0")/.."

directory=${NVDLA_TEST_DIR:-build-test}
jobs=$(nproc)
failed=()

step() {  # step NAME COMMAND...
  local name=$1 begin=$SECONDS
  shift
  echo "== $name"
  if "$@"; then
    echo "== $name: passed ($((SECONDS - begin)) s)"
  else
    echo "== $name: FAILED ($((SECONDS - begin)) s)"
    failed+=("$name")
  fi
}

build() {  # build DIRECTORY OPTION...
  local where=$1
  shift
  cmake -S . -B "$where" -G Ninja -DNVDLA_WERROR=ON "$@" >"$where.log" 2>&1 || { cat "$where.log"; return 1; }
  cmake --build "$where" >"$where.log" 2>&1 || { cat "$where.log"; return 1; }
}

run_tests() {  # run_tests DIRECTORY CTEST-OPTION...
  local where=$1
  shift
  # Tests leave nothing behind: not in their temporary directory, nor where they run.
  local temporary
  temporary=$(mktemp -d)
  TMPDIR=$temporary ctest --test-dir "$where" --output-on-failure --no-tests=error -j "$jobs" "$@" >"$where-tests.log" 2>&1
  local status=$?
  if [ -n "$(ls -A "$temporary" "$where/tests/run" | grep -v ':$')" ]; then
    echo "left by the tests:" >>"$where-tests.log"
    ls -A "$temporary" "$where/tests/run" >>"$where-tests.log"
    status=1
  fi
  rm -rf "$temporary"
  if [ $status -eq 0 ]; then tail -n 5 "$where-tests.log"; else cat "$where-tests.log"; fi
  return $status
}

sources() { find tlm_model host mapper analysis platform validation command tools fuzz tests benchmarks examples -name '*.h' -o -name '*.cpp' | sort; }

format() { sources | xargs clang-format --dry-run --Werror; }

own_sources() { sources | grep -E '^(tlm_model|host|mapper|analysis|platform|validation|command|tools)/.*\.cpp$'; }

tidy_base() {
  if [ -n "${NVDLA_TIDY_BASE:-}" ]; then
    echo "$NVDLA_TIDY_BASE"
    return
  fi
  local head main
  head=$(git rev-parse HEAD) || return
  main=$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main 2>/dev/null)
  if [ -n "$main" ] && [ "$main" != "$head" ]; then echo "$main"; else git rev-parse -q --verify HEAD~1; fi
}

# Own sources that have changed, or that include a changed header themselves; all when the rules have changed,
# or when there is nothing to compare with.
changed_sources() {
  local base changed headers
  base=$(tidy_base)
  if [ -z "$base" ] || [ "$base" = all ] ||
    ! changed=$({ git diff --name-only "$base" && git ls-files --others --exclude-standard; } 2>/dev/null) ||
    grep -qxF .clang-tidy <<<"$changed"; then
    own_sources
    return
  fi
  headers=$(grep -E '\.(h|inc)$' <<<"$changed" | sed -E 's#^tlm_model/##')
  {
    own_sources | grep -xFf <(echo "$changed") || true
    if [ -n "$headers" ]; then own_sources | xargs grep -lF -f <(sed 's/.*/#include "&"/' <<<"$headers") || true; fi
  } | sort -u
}

# Without precompiled headers, which are the other compiler's: what a source forgets to include is missing here.
tidy() {
  local list
  list=$(changed_sources)
  mkdir -p "$directory/tidy"
  sed 's/ -Winvalid-pch -include [^ ]*//' "$directory/release/compile_commands.json" >"$directory/tidy/compile_commands.json"
  echo "$(grep -c . <<<"$list") of $(own_sources | wc -l) sources"
  [ -z "$list" ] || xargs -P "$jobs" -n 4 nice clang-tidy --quiet -p "$directory/tidy" 2>/dev/null <<<"$list"
}

wanted() { [ ${#parts[@]} -eq 0 ] || printf '%s\n' "${parts[@]}" | grep -qx "$1"; }

parts=("$@")
for part in "${parts[@]}"; do
  case $part in
    quick | release | tidy | sanitize) ;;
    *) echo "$0: unknown part $part (quick, release, tidy, sanitize)" >&2; exit 2 ;;
  esac
done
release() { build "$directory/release" -DCMAKE_BUILD_TYPE=Release -DNVDLA_BUILD_BENCHMARKS=ON; }

mkdir -p "$directory"
step "dependencies" scripts/install_dependencies.sh --tests
if wanted quick; then
  step "folders" scripts/check_dependencies.sh
  step "format" format
  step "mutations apply" scripts/mutate.sh --check
fi
if wanted release; then
  step "build" release
  step "tests" run_tests "$directory/release"
  step "leaks" scripts/leaks.sh "$directory/release"
fi
if wanted tidy; then
  # The registers' tables and the loadables' accessors are generated: it needs a build.
  wanted release || step "build" release
  step "tidy" tidy
fi
if wanted sanitize; then
  # clang++ takes half as long as g++ over sanitized code, and its checks find more (null pointers that move,
  # objects before their constructor); lld links in a quarter of ld's time. Without optimisation, except for what
  # the tests spend their time in. Where the tests have been compiled just now, only the libraries are compiled again.
  objects=()
  if wanted release; then objects=("-DNVDLA_TEST_OBJECTS=$(cd "$directory/release" && pwd)"); fi
  step "sanitizer build" build "$directory/sanitize" -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_CXX_FLAGS_DEBUG=-g1 -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld -DCMAKE_MODULE_LINKER_FLAGS=-fuse-ld=lld \
    -DNVDLA_SANITIZE=ON "${objects[@]}"
  export ASAN_OPTIONS=detect_stack_use_after_return=0
  # Driver programs take long there.
  NVDLA_FUZZ_DIVISOR=20 step "sanitizer tests" run_tests "$directory/sanitize"
fi

echo
if [ ${#failed[@]} -ne 0 ]; then
  echo "failed: ${failed[*]}"
  exit 1
fi
# The closing lines of the full run of the tests, last.
if wanted release; then grep -E '^[0-9]+% tests passed|^Total Test time' "$directory/release-tests.log"; fi
