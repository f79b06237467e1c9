# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# TCP connects to many destinations at once. Arguments: BASH_PROGRAM TIMEOUT_MS ATTEMPTS yes|no (the leash), then for each
# destination INDEX FAMILY ADDRESS HOST PORT, where ADDRESS or HOST is "-". What it prints is described in tcp-parser.ts.
#
# bash can time a connect by itself; where there is none (or one older than 5.0, without EPOCHREALTIME), nc finds out who
# answers, but a process per connect cannot be timed honestly, so no times are printed.
set -u
LC_ALL=C
export LC_ALL
unset BASH_ENV ENV POSIXLY_CORRECT
program=$1
shift
# shellcheck disable=SC2016 # it is the other shell that has to expand it
if command -v bash >/dev/null 2>&1 && bash -c '[ -n "${EPOCHREALTIME-}" ]'; then
  exec bash -c "$program" "$0" "$@"
fi
if ! command -v nc >/dev/null 2>&1; then
  echo '@missing nc'
  exit 127
fi

timeout_ms=$1 attempts=$2 leash=$3
shift 3
timeout_s=$((timeout_ms / 1000)).$(printf %03d $((timeout_ms % 1000)))
echo '@tool nc'

# How to end right after the connect: -z where nc has it, else (older busybox) a program that ends at once.
if nc -h 2>&1 | grep -q -e '-[A-Za-z]*z'; then before='-n -v -z' after=''; else before='' after='-e true'; fi

main=$$
exec 3<&0 </dev/null
leash_pid=
if [ "$leash" = yes ]; then
  # Without the redirection from 3 a background command of sh reads from /dev/null.
  (
    while read -r _; do :; done
    kill -TERM "$main"
  ) <&3 >/dev/null 2>&1 &
  leash_pid=$!
fi
exec 3<&-

probers=
# shellcheck disable=SC2086 # lists of process ids; what the probers started is ended by its watch
trap 'kill -KILL $probers $leash_pid 2>/dev/null; exit 143' TERM INT HUP PIPE

resolve() { # FAMILY HOST
  getent "ahostsv$1" "$2" 2>/dev/null | while read -r found rest; do
    # getent maps IPv4 addresses into IPv6 when a name has no other.
    case $found in *.*:* | ::ffff:*) continue ;; esac
    echo "$found"
    break
  done
}

connect() { # INDEX ATTEMPT ADDRESS PORT
  # nc's own -w counts whole seconds, so a watch beside it keeps the limit, and takes its sleep along when it is ended.
  # shellcheck disable=SC2086 # lists of options
  said=$(
    nc $before "$3" "$4" $after </dev/null 2>&1 &
    connecting=$!
    (
      trap 'kill "$!"; exit' TERM
      sleep "$timeout_s" &
      wait "$!" && kill -KILL "$connecting"
    ) >/dev/null 2>&1 &
    watch=$!
    wait "$connecting" 2>/dev/null
    echo "@code $?"
    kill -TERM "$watch" 2>/dev/null
  )
  code=${said##*@code }
  said=$(printf '%s' "${said%@code *}" | head -n 1)
  case $code in
    0) echo "@attempt $1 $2 - connected" ;;
    137) echo "@attempt $1 $2 - timeout" ;;
    *) echo "@attempt $1 $2 - failed $said" ;;
  esac
}

probe() { # INDEX FAMILY ADDRESS HOST PORT
  address=$3
  if [ "$4" != - ]; then
    address=$(resolve "$2" "$4")
    if [ -z "$address" ]; then
      echo "@unresolved $1"
      return
    fi
    echo "@resolved $1 $address"
  fi
  attempt=1
  while [ "$attempt" -le "$attempts" ]; do
    connect "$1" "$attempt" "$address" "$5" &
    attempt=$((attempt + 1))
    sleep 0.1
  done
  wait
}

while [ $# -ge 5 ]; do
  probe "$1" "$2" "$3" "$4" "$5" &
  probers="$probers $!"
  shift 5
done
for pid in $probers; do wait "$pid"; done
[ -z "$leash_pid" ] || kill -KILL "$leash_pid"
echo @end
