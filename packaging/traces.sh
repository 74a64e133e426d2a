# What a machine shows of us when we are gone: sockets that listen, services that start with it, programs that still
# run. Sourced by test.sh, which compares before with after.

# listeners: address and port of every TCP socket that listens, in the kernel's hexadecimal.
listeners() { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" { print $2 }' | sort -u; }

# units: what the machine starts by itself and keeps running; a script that only prepares it at boot (rcS.d) is none.
units() {
  systemctl list-unit-files --state=enabled --no-legend --no-pager 2>/dev/null | awk '{ print $1 }' | sort -u || true
  find /etc/systemd /etc/rc[2-5].d -type l 2>/dev/null | sort
}

# leftovers: the processes whose program lies in build/.
leftovers() {
  local link
  for link in /proc/[0-9]*/exe; do
    case $(readlink "$link" 2>/dev/null) in
      "$root"/build/*) printf '%s %s\n' "$(basename "${link%/exe}")" "$(readlink "$link")" ;;
    esac
  done
}

# remember_traces: to be called first. check_traces: names everything that has come since, and fails if there is any.
remember_traces() {
  before_listeners=$(listeners)
  before_units=$(units)
  before_leftovers=$(leftovers)
}
check_traces() {
  local what now new failed=0
  for what in listeners units leftovers; do
    now=$("$what")
    local then=before_$what
    new=$(comm -13 <(sort -u <<<"${!then}") <(sort -u <<<"$now") | grep -v '^$' || true)
    [ -z "$new" ] || { say "Left behind ($what):" "$new"; failed=1; }
  done
  return $failed
}
