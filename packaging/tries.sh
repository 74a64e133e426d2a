# How test.sh runs the tests of one preset. Sourced by it, with `root` set.

# run_tests PRESET CTEST-ARGUMENT...: up to four integration tests that fail have a second try alone, since their
# servers, browsers and clocks share a machine with whatever else runs on it. Both outcomes stay on the screen; a unit
# test has one try.
run_tests() {
  local preset=$1 failed unsteady log=$root/build/$1/Testing/Temporary/LastTestsFailed.log
  shift
  rm -f "$log"
  (cd "$root" && ctest --preset "$preset" --no-tests=error "$@") && return 0
  mapfile -t failed < <(sed -n 's/^[0-9]*://p' "$log" 2>/dev/null)
  [ "${#failed[@]}" -ge 1 ] && [ "${#failed[@]}" -le 4 ] || return 1
  unsteady="^($(IFS='|'; echo "${failed[*]}"))\$"
  [ "$(cd "$root" && ctest --preset "$preset" -N -L integration -R "$unsteady" |
    sed -n 's/^Total Tests: //p')" = "${#failed[@]}" ] || return 1
  say "== $preset: once more, alone: ${failed[*]}"
  (cd "$root" && ctest --preset "$preset" -L integration -R "$unsteady" -j 1) || return 1
  say "== $preset: failed beside others, passed alone: ${failed[*]}"
}
