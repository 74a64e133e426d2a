# What run.sh and test.sh share: which Debian packages are missing, what apt would do about it, and the building.
# Sourced by both, with `root` set to the project's folder and `install` to yes or no.

# say LINE...
say() { printf '%s\n' "$@" >&2; }
die() {
  say "$(basename "$0"): $*"
  exit 1
}

# packages_of GROUP...: the names that packages.txt lists for these groups.
packages_of() {
  local group
  for group; do awk -v group="$group" '$1 == group { print $2 }' "$root/packaging/packages.txt"; done
}

# missing_of PACKAGE...: those of them that aren't installed.
missing_of() {
  # A package can be there for several architectures, so the answer is a set.
  { dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true; } |
    awk -v wanted="$*" '$1 == "installed" { there[$2] }
      END { count = split(wanted, names, " "); for (i = 1; i <= count; ++i) if (!(names[i] in there)) print names[i] }'
}

# as_root COMMAND...: the words by which this person runs it; fails where there is neither root nor sudo.
as_root() {
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      printf '%s' "$*"
      return 1
    fi
    printf 'sudo '
  fi
  printf '%s' "$*"
}

# run_as_root COMMAND...: prints the line and runs it. With neither root nor sudo the line is all there is.
run_as_root() {
  local line
  if ! line=$(as_root "$@"); then
    say "This needs root, and there is no sudo here. As root:" "" "    $line"
    exit 1
  fi
  say "    $line"
  # The words are the lists' and ours: no blanks inside, no patterns.
  $line >&2 || die "that command failed, see above"
}

# apt_plan PACKAGE...: what apt would do, in its own words: it only prints, so it needs no root. Fails when it can't.
apt_plan() {
  LC_ALL=C apt-get install --print-uris --no-install-recommends -o Debug::NoLocking=true "$@" 2>&1
}

# with_lists PACKAGE...: apt's plan, after fetching the package lists where they are empty or too old to know these.
with_lists() {
  local plan
  if ! plan=$(apt_plan "$@"); then
    grep -qE 'Unable to locate|no installation candidate' <<<"$plan" || die "apt finds no way to install them: $plan"
    [ "$install" = yes ] || die "apt doesn't know them, its lists are empty or old: apt-get update"
    say "apt's package lists don't have them yet:"
    run_as_root apt-get update
    plan=$(apt_plan "$@") || die "apt finds no way to install them: $plan"
  fi
  printf '%s\n' "$plan"
}

# listed WORDS PLAN: the package names that follow the line with these words, on one line.
listed() {
  awk -v words="$1" '
    /^[^ ]/ { on = index($0, words) }
    /^ / && on { $1 = $1; printf "%s%s", gap, $0; gap = " " }' <<<"$2"
}

# ensure_packages GROUP...: returns when all of them are installed, having said what that takes.
ensure_packages() {
  command -v dpkg-query >/dev/null || die "this isn't Debian; packaging/packages.txt lists what is needed"
  local missing plan gone line
  mapfile -t missing < <(missing_of $(packages_of "$@"))
  [ "${#missing[@]}" -gt 0 ] || return 0
  line=(apt-get install --yes --no-remove --no-install-recommends "${missing[@]}")
  say "Missing: ${missing[*]}"
  if [ "$install" = no ]; then
    say "Nothing is installed, because of --no-install. The command would be:" "" "    $(as_root "${line[@]}" || true)"
    exit 1
  fi
  plan=$(with_lists "${missing[@]}")
  gone=$(listed "will be REMOVED" "$plan")
  [ -z "$gone" ] || die "refused: apt would remove $gone"
  say "With what they depend on: $(listed "NEW packages" "$plan")"
  [ -z "$(listed "will be upgraded" "$plan")" ] || say "Upgraded: $(listed "will be upgraded" "$plan")"
  say "$(grep -E '^(Need to get|After this operation)' <<<"$plan")"
  run_as_root "${line[@]}"
}

# check_boost: another Boost in the way of 1.81 would only show as an error deep in a header.
check_boost() {
  local header=/usr/include/boost/version.hpp version
  version=$(awk '$1 == "#define" && $2 == "BOOST_VERSION" { print $3; exit }' "$header" 2>/dev/null) || true
  [ "${version:-0}" -ge 108100 ] || die "boost/version.hpp says ${version:-nothing}, 108100 is needed: libboost1.81-dev"
}

# jobs: compilers at once, 1.5 GB of memory each.
jobs() {
  local fit
  fit=$(awk '$1 == "MemAvailable:" { print int($2 / 1572864) }' /proc/meminfo)
  [ "$fit" -le "$(nproc)" ] || fit=$(nproc)
  [ "$fit" -ge 1 ] || fit=1
  echo "$fit"
}

# build PRESET TARGET...: brings these up to date.
build() {
  local preset=$1
  shift
  cmake --build "$root/build/$preset" --parallel "$(jobs)" --target "$@" >&2 || die "the build failed, see above"
}

# configure PRESET CMAKE-OPTION...: with ccache where the person has it.
configure() {
  local preset=$1
  shift
  if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR="$root"
  fi
  (cd "$root" && cmake --preset "$preset" "$@" >&2) || die "cmake could not configure, see above"
}
