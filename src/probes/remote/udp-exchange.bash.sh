# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# One datagram to each of many destinations, and what comes back. Arguments and output as in udp-exchange.sh.
#
# Every attempt is an `asker` process with a socket of its own, so that an answer belongs to one datagram. Askers report on
# one pipe, the bus, to the main process, which starts the next attempt where there is silence, and ends them all in time.
set +o posix
set -um # -m: every asker leads its own process group, so that it dies with all that it started

timeout_us=$(($1 * 1000)) attempts=$2 leash=$3
shift 3
slice_us=$((timeout_us / attempts))
# Destinations begin one after another, because starting processes at once would spoil all their times.
pace_us=5000

indices=() families=() addresses=() hosts=() ports=() payloads=()
while (($# >= 6)); do
  indices+=("$1") families+=("$2") addresses+=("$3") hosts+=("$4") ports+=("$5") payloads+=("$6")
  shift 6
done
count=${#indices[@]}
((pace_us * count <= 200000)) || pace_us=$((200000 / count))

# A pipe that is open both ways, so that neither end is ever found closed. It needs no file system to write to. A line is
# written at once and begins with blanks: a read of bash that runs out of time may swallow the byte that just came.
exec {bus}<> <(:)

resolve() { # POSITION
  local found rest
  while read -r found rest; do
    # getent maps IPv4 addresses into IPv6 when a name has no other.
    [[ $found == *.*:* || $found == ::ffff:* ]] && continue
    addresses[$1]=$found
    printf '    resolved %s %s\n' "$1" "$found" >&"$bus"
    return
  done < <(getent "ahostsv${families[$1]}" "${hosts[$1]}" 2>/dev/null)
  return 1
}

asker() { # POSITION ATTEMPT
  local position=$1 said send line data='' started ended=0
  set +m # what it starts stays in its group
  if [[ ${addresses[position]} == - ]] && ! resolve "$position"; then
    printf '    unresolved %s\n' "$position" >&"$bus"
    return
  fi
  exec {said}<> <(:)
  started=${EPOCHREALTIME/./}
  if { exec 3<>"/dev/udp/${addresses[position]}/${ports[position]}"; } 2>&"$said"; then
    # bash would read a datagram byte by byte and lose the rest of it, and write it in lines; dd does both at once.
    # Both dd's are started beforehand: the one waits in read, the other for the end of its input, which sends.
    { dd bs=512 count=1 status=none <&3 | base64 && printf '.\n'; } 1>&"$said" 2>&1 &
    exec {send}> >(dd bs=65536 count=1 iflag=fullblock status=none >&3 2>&"$said")
    printf '%b' "${payloads[position]}" >&"$send"
    read -r -t 0.02 -u "$said" line
    started=${EPOCHREALTIME/./}
    exec {send}>&-
  fi
  # A line of base64, the final dot, or an error text of bash or dd.
  while read -r -u "$said" line; do
    ((ended > 0)) || ended=${EPOCHREALTIME/./}
    case $line in
      .) break ;;
      *:*)
        printf '    done %s %s %s failed %s\n' "$position" "$2" $((ended - started)) "$line" >&"$bus"
        return
        ;;
      *) data+=$line ;;
    esac
  done
  printf '    done %s %s %s answered %s\n' "$position" "$2" $((ended - started)) "$data" >&"$bus"
}

# ---- the main process ----

# By POSITION/ATTEMPT: the askers that run.
declare -A askers=()
stop() { # POSITION/ATTEMPT
  kill -KILL -- "-${askers[$1]}" 2>/dev/null
  unset "askers[$1]"
}

leash_pid=
# shellcheck disable=SC2317 # called by the traps
clean_up() {
  local key
  for key in "${!askers[@]}"; do stop "$key"; done
  [[ -z $leash_pid ]] || kill -KILL "$leash_pid" 2>/dev/null
}
trap clean_up EXIT
trap 'exit 143' TERM INT HUP PIPE
if [[ $leash == yes ]]; then
  (
    while IFS= read -r -n 4096 _; do :; done
    printf '    leash\n' >&"$bus"
  ) >/dev/null 2>&1 &
  leash_pid=$!
  disown "$!"
fi
exec </dev/null

begun=${EPOCHREALTIME/./} now=$begun
# Positions that have not come to an end -> the attempts that were started, and when the next one, or the end, is due.
open=() next_at=()
for ((position = 0; position < count; position++)); do
  if [[ ${addresses[position]} == - ]] && ! command -v getent >/dev/null; then
    printf '@missing getent %s\n' "${indices[position]}"
    continue
  fi
  open[position]=0 next_at[position]=$((begun + position * pace_us))
done

close() { # POSITION
  local attempt
  for ((attempt = 1; attempt <= open[$1]; attempt++)); do
    [[ -n ${askers[$1/$attempt]-} ]] || continue
    stop "$1/$attempt"
    [[ ${addresses[$1]} == - ]] || printf '@attempt %s %s - silent\n' "${indices[$1]}" "$attempt"
  done
  [[ ${addresses[$1]} != - ]] || printf '@unresolved %s\n' "${indices[$1]}"
  printf '@done %s\n' "${indices[$1]}"
  unset "open[$1]"
}

heard() { # WORD...
  case $1 in
    leash) exit 143 ;;
    resolved) [[ ${addresses[$2]} != - ]] || { addresses[$2]=$3 && printf '@resolved %s %s\n' "${indices[$2]}" "$3"; } ;;
    unresolved) [[ -z ${open[$2]-} ]] || close "$2" ;;
    done)
      [[ -n ${open[$2]-} ]] || return
      unset "askers[$2/$3]"
      printf '@attempt %s %s %s %s\n' "${indices[$2]}" "$3" "$4" "${*:5}"
      close "$2"
      ;;
  esac
}

start_due() {
  local position
  due=$((now + 1000000))
  for position in "${!open[@]}"; do
    if ((now >= next_at[position])); then
      if ((open[position] == attempts)); then
        close "$position"
        continue
      fi
      ((open[position]++))
      asker "$position" "${open[position]}" </dev/null 2>/dev/null &
      askers[$position/${open[position]}]=$!
      disown "$!"
      next_at[position]=$((begun + position * pace_us + slice_us * open[position]))
      ((open[position] < attempts)) || next_at[position]=$((begun + position * pace_us + timeout_us + 40000))
    fi
    ((next_at[position] >= due)) || due=${next_at[position]}
  done
}

set -f # the lines that come in are split into words and nothing else
due=$begun
while ((${#open[@]} > 0)); do
  now=${EPOCHREALTIME/./}
  if ((now >= due)); then
    start_due
    ((${#open[@]} > 0)) || break
    now=${EPOCHREALTIME/./}
  fi
  wait_us=$((due > now ? due - now : 1000))
  printf -v wait_s '%d.%06d' $((wait_us / 1000000)) $((wait_us % 1000000))
  if IFS= read -r -n 1 -t "$wait_s" -u "$bus" first; then
    IFS= read -r -u "$bus" rest
    # shellcheck disable=SC2086 # words
    heard $first$rest
  fi
done
printf '@end\n'
