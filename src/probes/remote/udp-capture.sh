# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Looks for datagrams that carry one of some tokens. Arguments: SECONDS yes|no (the leash) FILTER TOKEN..., where FILTER is a
# pcap filter. Prints "@listening" when the capture has begun, "@seen TOKEN" once a token, "@failed TEXT" where there is no
# capture, and "@end". It ends after SECONDS, or when all tokens were seen. It stands behind find-tool.sh.
set -u
LC_ALL=C
export LC_ALL
seconds=$1 leash=$2 filter=$3
shift 3
if ! find_tool tcpdump --version; then
  command -v tcpdump >/dev/null 2>&1 || echo '@missing tcpdump'
  exit 127
fi

exec 3<&0 </dev/null

# Ends the capture, and with it everything else: the reader below comes to the end of its input.
end_after() { # PID
  (
    trap 'kill "$!" 2>/dev/null; exit' TERM
    sleep "$seconds" &
    wait "$!" && kill -TERM "$1"
  ) >/dev/null 2>&1 &
  watch=$!
  leash_pid=
  if [ "$leash" = yes ]; then
    (
      while read -r _; do :; done
      kill -TERM "$1"
    ) <&3 >/dev/null 2>&1 &
    leash_pid=$!
  fi
  exec 3<&-
}

# -Z root: giving up root takes SETUID, which the container does not have. The inner shell tells its process id, which is
# tcpdump's after the exec.
# shellcheck disable=SC2016,SC2086,SC2154 # expanded by the inner shell; $tool may be several words
sh -c 'echo "$$"; exec "$@"' sh $tool -Z root -n -p -l -A -s 2048 --immediate-mode -i any -- "$filter" 2>&1 3<&- | {
  read -r capture
  end_after "$capture"
  failed=
  while IFS= read -r line; do
    case $line in
      *'listening on '*) echo '@listening' ;;
      'tcpdump: '*) failed=$line ;;
    esac
    for token; do
      shift
      case $line in
        *"$token"*)
          echo "@seen $token"
          if [ $# -eq 0 ]; then kill -TERM "$capture"; fi
          ;;
        *) set -- "$@" "$token" ;;
      esac
    done
    [ $# -gt 0 ] || break
  done
  # Of several lines the last one says why; "verbose output suppressed" is none of them once it listens.
  case $failed in
    '' | *'verbose output suppressed'* | *'data link type'*) ;;
    *) echo "@failed $failed" ;;
  esac
  # shellcheck disable=SC2086 # one or two process ids
  kill -TERM $watch $leash_pid 2>/dev/null
  echo '@end'
}
