# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# TLS handshakes with many destinations at once. Arguments and output as in tls-handshake.sh.
#
# openssl s_client speaks TLS and nothing above it, so any TLS port will do and no service sees a request. It says on
# stderr, unbuffered, which state the handshake is in; the time between two of those lines is the handshake's, without
# openssl's start and without the connect.
set +o posix
set -um # -m: every handshake leads its own process group, so that it dies with all that it started

timeout_us=$(($1 * 1000)) leash=$2
shift 2
# The next one starts when one is over, but does not wait for it longer than this: side by side, not on top of each other.
pace_us=40000

indices=() addresses=() ports=() names=()
while (($# >= 4)); do
  indices+=("$1") addresses+=("$2") ports+=("$3") names+=("$4")
  shift 4
done
count=${#indices[@]}

# A pipe that is open both ways, so that neither end is ever found closed. It needs no file system to write to. A line is
# written at once and begins with blanks: a read of bash that runs out of time may swallow the byte that just came.
exec {bus}<> <(:)

tell() { # WORD...
  printf '    %s\n' "$*" >&"$bus"
}

handshake() { # POSITION
  local position=$1 line now started=0 last=0 reading=no seen=no verified='' error='' agreed=no
  local -a name=(-noservername)
  [[ ${names[position]} == - ]] || name=(-servername "${names[position]}" -verify_hostname "${names[position]}")
  set +m # what it starts stays in its group
  while IFS= read -r line; do
    now=${EPOCHREALTIME/./}
    case $line in
      SSL_connect:*)
        ((started > 0)) || started=$now
        [[ $seen == yes ]] || last=$now
        ;;
      '-----BEGIN CERTIFICATE-----') [[ $seen == yes ]] || reading=yes ;;
      # The first certificate is the server's own. Its lines go one by one, because longer ones would mix on the bus.
      '-----END CERTIFICATE-----') reading=no seen=yes ;;
      # Also printed where no handshake was completed.
      *', Cipher is (NONE)'*) ;;
      *', Cipher is '*) agreed=yes ;;
      *'Verify return code: '*) verified=${line#*: } ;;
      *:error:*) [[ -n $error ]] || error=$line ;;
      *) [[ $reading == no ]] || tell certificate "$position" "$line" ;;
    esac
  done < <(exec openssl s_client -state -connect "${addresses[position]}:${ports[position]}" "${name[@]}" </dev/null 2>&1)
  [[ -z $error ]] || tell error "$position" "$error"
  if [[ $agreed == yes ]]; then
    tell verified "$position" "$verified"
    tell handshake "$position" $((last - started))
  fi
  tell "done" "$position"
}

# ---- the main process ----

# By position: the handshakes that run.
running=()
stop() { # POSITION
  kill -KILL -- "-${running[$1]}" 2>/dev/null
  unset "running[$1]"
}

leash_pid=
# shellcheck disable=SC2317 # called by the traps
clean_up() {
  local position
  for position in "${!running[@]}"; do stop "$position"; done
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

heard() { # WORD...
  case $1 in
    leash) exit 143 ;;
    done)
      [[ -n ${running[$2]-} ]] || return
      unset "running[$2]"
      printf '@done %s\n' "${indices[$2]}"
      next_at=$now
      ;;
    *) [[ -z ${running[$2]-} ]] || printf '@%s %s %s\n' "$1" "${indices[$2]}" "${*:3}" ;;
  esac
}

set -f # the lines that come in are split into words and nothing else
begun=${EPOCHREALTIME/./} position=0 next_at=$begun
deadlines=()
while ((position < count || ${#running[@]} > 0)); do
  now=${EPOCHREALTIME/./} due=$((now + 1000000))
  if ((position < count && now >= next_at)); then
    handshake "$position" </dev/null 2>/dev/null &
    running[position]=$! deadlines[position]=$((now + timeout_us)) next_at=$((now + pace_us))
    disown "$!"
    ((position++))
  fi
  ((position == count || next_at >= due)) || due=$next_at
  for id in "${!running[@]}"; do
    if ((now >= deadlines[id])); then
      stop "$id"
      printf '@timeout %s\n@done %s\n' "${indices[id]}" "${indices[id]}"
    elif ((deadlines[id] < due)); then
      due=${deadlines[id]}
    fi
  done
  ((position < count || ${#running[@]} > 0)) || break
  wait_us=$((due > now ? due - now : 1000))
  printf -v wait_s '%d.%06d' $((wait_us / 1000000)) $((wait_us % 1000000))
  if IFS= read -r -n 1 -t "$wait_s" -u "$bus" first; then
    IFS= read -r -u "$bus" rest
    now=${EPOCHREALTIME/./}
    # shellcheck disable=SC2086 # words
    heard $first$rest
  fi
done
printf '@end\n'
