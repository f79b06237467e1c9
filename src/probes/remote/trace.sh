# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Asks for the routers on the way to many destinations, all at the same time, with tracepath(8) or mtr(8). Plain POSIX sh; it
# stands behind find-tool.sh, leash.sh and resolve.sh, whose markers it prints too.
#
# Arguments: LEASH(yes|no) LIMIT_S METHOD(tracepath|icmp|udp|tcp) COUNT MAX_HOPS PORT|- WAIT_S
#            then for each destination: INDEX FAMILY(4|6) KIND(address|host) WORD
#
# Output, one line each:
#   @missing TOOL               @unrunnable TOOL
#   @trace INDEX ROUND TEXT     a line of the tool; mtr makes all rounds in one
#   @ended INDEX ROUND RC       the tool has ended
#   @done                       everything that was asked for has been done

leash=$1 limit_s=$2 method=$3 count=$4 max_hops=$5 port=$6 wait_s=$7
shift 7
export LC_ALL=C
most_side_by_side=64
# tracepath prints nothing before it ends, and waits 3 s for each silent hop: it begins with few hops, and ends where so many
# of them in a row were silent.
first_hops=8 silent_hops=5

guard "$leash" "$limit_s"

# Prints $said, as of destination $1 and round $2.
tell() {
  printf '%s\n' "$said" | while IFS= read -r line; do printf '@trace %s %s %s\n' "$1" "$2" "$line"; done
  echo "@ended $1 $2 $code"
}

# The last hop that answered, by the lines of tracepath on stdin.
last_answered() {
  last=0
  while read -r hop rest; do
    case $hop:$rest in
      *'no reply'*) ;;
      [0-9]*ms*) last=${hop%%[!0-9]*} ;;
    esac
  done
  echo "$last"
}

by_tracepath() { # INDEX ROUND FAMILY WORD
  hops=$first_hops
  while :; do
    [ "$hops" -le "$max_hops" ] || hops=$max_hops
    # Short packets: what a black hole does to long ones is for the mtu probe to say.
    # shellcheck disable=SC2086
    said=$($tool "-$3" -n -l 128 -m "$hops" -- "$4" 2>&1 </dev/null)
    code=$?
    case $said in *'Too many hops'*) ;; *) break ;; esac
    last=$(printf '%s\n' "$said" | last_answered)
    if [ "$hops" -ge "$max_hops" ] || [ $((hops - last)) -ge "$silent_hops" ]; then break; fi
    hops=$((2 * hops))
  done
  tell "$1" "$2"
}

by_mtr() { # INDEX FAMILY WORD
  # shellcheck disable=SC2086
  said=$($tool "-$2" -n -j -c "$count" -m "$max_hops" -G "$wait_s" $mtr_options -- "$3" 2>&1 </dev/null)
  code=$?
  tell "$1" 1
}

# mtr starts mtr-packet by its name. Where that has capabilities that the container may not have, it has to start a program
# that starts it through the loader.
wrap_mtr_packet() {
  find_tool mtr-packet -v </dev/null || return 0
  case $tool in *' '*) ;; *) return 0 ;; esac
  wrapper=$(mktemp 2>/dev/null) || { echo '@unrunnable mtr-packet'; return 1; }
  printf '#!/bin/sh\nexec %s\n' "$tool" >"$wrapper"
  chmod +x "$wrapper"
  export MTR_PACKET="$wrapper"
}

# -> $tool, or false where there is none.
find_tracer() {
  if [ "$method" = tracepath ]; then
    find_tool tracepath -V && return
    [ -n "$tool" ] || echo '@missing tracepath'
    return 1
  fi
  wrap_mtr_packet || return 1
  find_tool mtr -v && return
  [ -n "$tool" ] || echo '@missing mtr'
  return 1
}

trace_all() {
  resolve_hosts "$@"
  find_tracer || return
  side_by_side=0
  while [ $# -ge 4 ]; do
    find_word "$1" "$2" "$3" "$4"
    round=1
    while [ -n "$word" ] && [ "$round" -le "$count" ]; do
      if [ "$method" = tracepath ]; then
        by_tracepath "$1" "$round" "$2" "$word" &
      else
        by_mtr "$1" "$2" "$word" &
        round=$count
      fi
      round=$((round + 1)) side_by_side=$((side_by_side + 1))
      [ $((side_by_side % most_side_by_side)) -ne 0 ] || wait
    done
    shift 4
  done
  wait
}

mtr_options=
case $method in udp | tcp) mtr_options="--$method" ;; esac
[ "$port" = - ] || mtr_options="$mtr_options -P $port"

wrapper=
# In a subshell, whose wait does not wait for the guards.
(
  trap '[ -z "$wrapper" ] || rm -f "$wrapper"' EXIT
  trap 'exit 143' TERM
  trace_all "$@"
)
unguard
