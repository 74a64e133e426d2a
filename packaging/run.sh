#!/usr/bin/env bash
# Builds the console and opens it: installs what is missing, builds build/release, starts what was built.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
install=yes

usage() {
  cat <<'TEXT'
packaging/run.sh [--no-install] [-- ARGUMENTS]

Installs the Debian packages that are missing (after printing them, their size and the command), builds vx11-console,
vx11-tokend and vx11ctl in build/release/bin, and opens the console with ARGUMENTS. Without a display it starts the
service, vx11-tokend, with ARGUMENTS instead.

  --no-install   never install; say what is missing and stop
TEXT
}

while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=no ;;
    --) shift; break ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

. "$root/packaging/lib.sh"

ensure_packages core console desktop
check_boost
# The tests' build shares this folder: what it has configured stays, only these programs are brought up to date.
[ -f "$root/build/release/build.ninja" ] || configure release -DVX11_TESTS=OFF
build release vx11-console vx11-tokend vx11ctl

. "$root/packaging/serve.sh"
bin=$root/build/release/bin
has_display() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [[ ${QT_QPA_PLATFORM:-} =~ ^(offscreen|minimal) ]]; }
# These print or draw into files and end by themselves: they need no display.
for errand in --screenshot --help --version; do
  if given "$errand" "$@"; then exec "$bin/vx11-console" "$@"; fi
done
if has_display; then exec "$bin/vx11-console" "$@"; fi

say "No display here, so this starts the service alone. Pictures of the console need none:"
say "    ${bin#"$PWD"/}/vx11-console --screenshot DIR"
serve "$@"
