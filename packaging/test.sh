#!/usr/bin/env bash
# Builds and runs every test; ctest's summary is its last word. Enough by itself on a bare Debian 12.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
install=yes
preset=release

usage() {
  cat <<'TEXT'
packaging/test.sh [--preset release|debug|asan|tsan|all] [--no-install] [-- CTEST-ARGUMENTS]

Installs the Debian packages that are missing (after printing them, their size and the command), unpacks the programs
that only tests need into build/tools, builds with warnings as errors and runs the tests, or those that the arguments
choose: packaging/test.sh -- -L unit

  --preset all   release, then the sanitizers with clang; so it is too where the variable CI is set
  --no-install   never install and never download; say what is missing and stop
TEXT
}

[ -z "${CI:-}" ] || preset=all
while [ $# -gt 0 ]; do
  case $1 in
    --preset) preset=${2:-}; shift ;;
    --preset=*) preset=${1#*=} ;;
    --all) preset=all ;;
    --no-install) install=no ;;
    --) shift; break ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
case $preset in
  release | debug | asan | tsan) presets=("$preset") ;;
  all) presets=(asan tsan release) ;;
  *) usage >&2; exit 2 ;;
esac

for part in lib tools traces tries; do . "$root/packaging/$part.sh"; done

remember_traces
ensure_packages core console desktop tests
check_boost
ensure_tools

for preset in "${presets[@]}"; do
  say "== $preset"
  configure "$preset" -DVX11_TESTS=ON -DVX11_WERROR=ON
  build "$preset" all
  run_tests "$preset" "$@" || { check_traces; exit 1; }
done
# Silent when all is well, so that ctest has the last word.
check_traces
