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

# remember_traces: to be called first.
remember_traces() {
  before_listeners=$(listeners)
  before_units=$(units)
  before_leftovers=$(leftovers)
}

# new_since WHAT: what there is now and wasn't before.
new_since() {
  local before=before_$1
  comm -13 <(sort -u <<<"${!before}") <("$1" | sort -u) | grep -v '^$' || true
}

# check_traces: names everything that has come and stays, and fails if there is any.
check_traces() {
  local what new failed=0 second
  for what in listeners units leftovers; do
    # Something else on this machine may listen for a moment, and a program that was told to end may take one.
    for second in 1 2 3 4 5; do
      new=$(new_since "$what")
      [ -n "$new" ] && [ "$second" != 5 ] || break
      sleep 1
    done
    if [ -n "$new" ]; then
      say "Left behind ($what):" "$new"
      failed=1
    fi
  done
  return $failed
}
