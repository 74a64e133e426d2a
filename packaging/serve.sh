# How run.sh keeps the service in the foreground where there is no display. Sourced by it, with `bin` set.

# given OPTION ARGUMENT...: whether the option is among the arguments.
given() {
  local option=$1
  shift
  [[ " $* " == *" $option "* || " $* " == *" $option="* ]]
}

# serve ARGUMENT...: starts vx11-tokend, says where it listens and where its principal is, returns its exit code.
serve() {
  local private child code=0 interrupted=no where extra=()
  private=$(mktemp -d)
  trap "rm -rf '$private'" EXIT
  given --port-file "$@" || extra+=(--port-file "$private/port")
  # On a terminal the service shows the principal itself, once.
  [ -t 2 ] || given --principal-out "$@" || extra+=(--principal-out "$private/principal")

  "$bin/vx11-tokend" "${extra[@]}" "$@" &
  child=$!
  trap 'interrupted=yes; kill -TERM "$child" 2>/dev/null || true' INT TERM HUP
  until [ -s "$private/port" ] || ! kill -0 "$child" 2>/dev/null; do sleep 0.05; done
  if [ -s "$private/port" ]; then
    where="http://127.0.0.1:$(cat "$private/port")"
    if given --listen "$@" || [ -n "${VX11_OPERATOR_LISTEN:-}" ]; then where="port $(cat "$private/port")"; fi
    say "It listens on $where; Ctrl+C stops it."
    [ ! -s "$private/principal" ] || say "Its principal, made for this run, is in $private/principal"
  fi
  # A signal ends the wait, not the service: only the wait that no signal ended has its exit code.
  while :; do
    interrupted=no
    wait "$child" && code=0 || code=$?
    [ "$interrupted" = yes ] || return "$code"
  done
}
