# Programs that only tests need and whose packages would put services on a person's machine (a Redis on 6379, an nginx
# on 80, a Prometheus on 9090, a browser that brings systemd): unpacked into build/tools, never installed. Sourced by
# test.sh.

tools=$root/build/tools
tool_programs=(usr/sbin/nginx usr/bin/promtool usr/bin/redis-server usr/bin/redis-cli usr/lib/chromium/chromium)

# closure PACKAGE...: those not installed, and the libraries of theirs that aren't either.
closure() {
  local plan name
  plan=$(with_lists "$@")
  for name in $(listed "NEW packages" "$plan"); do
    case " $* " in
      *" $name "*) echo "$name" ;;
      *) [[ $name == lib* && $name != libjs-* && $name != libpam-* && $name != libnginx-* ]] && echo "$name" || true ;;
    esac
  done
  # The programs themselves are in packages that the named ones depend on.
  listed "NEW packages" "$plan" | tr ' ' '\n' | grep -xE 'nginx|chromium-common' || true
}

# wrap PROGRAM: build/tools/bin/<name> runs it with the libraries unpacked beside it, or is the installed one.
wrap() {
  local name=${1##*/} program=$tools/$1 libraries
  libraries=$tools/usr/lib/$(gcc -print-multiarch)
  [ -x "$program" ] || program=/$1
  [ -x "$program" ] || die "$1 is in none of the packages of the group tools"
  printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' \
    "'$libraries:$libraries/pulseaudio:$libraries/nss'\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}" \
    "'$program'" >"$tools/bin/$name"
  chmod +x "$tools/bin/$name"
}

# ensure_tools: returns when build/tools/bin holds them all; one look at a stamp when they are there already.
ensure_tools() {
  local names stamp missing package program
  mapfile -t names < <(packages_of tools)
  stamp="${names[*]}"
  [ "$(cat "$tools/stamp" 2>/dev/null)" != "$stamp" ] || return 0
  rm -rf "$tools"
  mkdir -p "$tools/bin" "$tools/packages"
  mapfile -t missing < <(missing_of "${names[@]}")
  if [ "${#missing[@]}" -gt 0 ]; then
    [ "$install" = yes ] || die "not in build/tools: ${missing[*]}; --no-install fetches nothing"
    mapfile -t missing < <(closure "${missing[@]}")
    say "Unpacked into build/tools, none of them installed: ${missing[*]}"
    say "Need to get $(apt-get download --print-uris "${missing[@]}" | awk '{ sum += $3 } END { print int(sum / 1e6) }') MB."
    say "    apt-get download ${missing[*]}"
    (cd "$tools/packages" && apt-get download --quiet "${missing[@]}" >&2) || die "that download failed, see above"
    for package in "$tools"/packages/*.deb; do dpkg-deb --extract "$package" "$tools"; done
  fi
  rm -rf "$tools/packages"
  for program in "${tool_programs[@]}"; do wrap "$program"; done
  printf '%s\n' "$stamp" >"$tools/stamp"
}
