#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Sends ICMP echo requests from inside a pod to many destinations at once and prints what comes back.
# Plain POSIX sh (dash, busybox ash, bash). Everything the user typed arrives as an argument and is never evaluated.
# Comments and indentation are taken out before it travels: no here-documents, no strings over several lines. It stands
# behind find-tool.sh, leash.sh and resolve.sh.
#
# Arguments: LEASH(yes|no) LIMIT_S COUNT INTERVAL_MS REPLY_TIMEOUT_MS SIZE|- TTL|- DONT_FRAGMENT(yes|no) DEADLINE_MS|-
#            then for each destination: INDEX FAMILY(4|6) KIND(address|host) WORD
#
# Output, one line each, beside fping's own lines:
#   @tool NAME                 the tool that sends (fping, iputils, busybox)
#   @missing                   there is none; @unrunnable NAME: there is one that cannot be executed
#   @resolved INDEX ADDRESS    @unresolved INDEX [timeout]    @target INDEX WORD (the tool resolves it)
#   @ping INDEX TEXT           a line of the ping that measures this destination; @ended INDEX RC when it has ended
#   @cause INDEX TEXT          a line of the ping that looks for the cause of silence
#   @duplicates N ADDRESS      so many more replies came than echo requests were answered
#   @deadline                  the deadline ended the measurement
#   @done                      everything that was asked for has been done

leash=$1 limit_s=$2 count=$3 interval_ms=$4 reply_timeout_ms=$5 size=$6 ttl=$7 dont_fragment=$8 deadline_ms=$9
shift 9
# Tools print causes in English, and decimal points, whatever the image's locale is.
export LC_ALL=C

most_side_by_side=64
silence_ms=700

# $1 milliseconds -> $seconds, as decimals.
in_seconds() {
  seconds=$((1000 + $1 % 1000))
  seconds=$(($1 / 1000)).${seconds#1}
}

guard "$leash" "$limit_s"

# -> $ping and $ping_kind (iputils, busybox, or empty when there is none).
find_ping() {
  [ -z "${ping_kind+known}" ] || return 0
  ping_kind=
  find_tool ping -V || return 0
  ping=$tool
  case $version in
    *iputils*) ping_kind=iputils ;;
    *BusyBox*) ping_kind=busybox ;;
  esac
}

# Releases before 4 do one address family only.
is_current_fping() {
  case $version in
    *'Version '[4-9]* | *'Version '[1-9][0-9]*) return 0 ;;
    *) return 1 ;;
  esac
}

# Marks each line of stdin as $1 (@ping or @cause) of destination $2.
mark() {
  while IFS= read -r line; do
    case $line in
      '@ended '*) printf '%s\n' "$line" ;;
      *) printf '%s %s %s\n' "$1" "$2" "$line" ;;
    esac
  done
}

# $1 index, $2 family, $3 word: two more echo requests from iputils ping, which names the cause where fping cannot.
explain() {
  find_ping
  [ "$ping_kind" = iputils ] || return 0
  [ "$side_by_side" -lt "$most_side_by_side" ] || return 0
  side_by_side=$((side_by_side + 1))
  # shellcheck disable=SC2086
  $ping "-$2" -n -c 2 -i "$explain_apart_s" -W "$explain_wait_s" $packet_options -- "$3" 2>&1 </dev/null | mark @cause "$1" &
}

# Looks for the cause for all destinations ("$@": triples) that have not answered and were not looked at before.
explain_silent() {
  while [ $# -ge 3 ]; do
    case "$answered$explained" in
      *" $3 "*) ;;
      *)
        explained="$explained$3 "
        explain "$1" "$2" "$3"
        ;;
    esac
    shift 3
  done
}

# Measures all destinations ("$@": triples) with one ping process each. ping's own -w is of no use for a deadline: it goes
# on sending until so many are answered.
ping_all() {
  find_ping
  echoes=$count wait_ms=$reply_timeout_ms
  if [ "$deadline_ms" != - ]; then
    planned=$(((deadline_ms - 1) / interval_ms + 1))
    [ "$planned" -ge "$echoes" ] || echoes=$planned
    left_ms=$((deadline_ms - (echoes - 1) * interval_ms))
    [ "$left_ms" -ge "$wait_ms" ] || wait_ms=$left_ms
  fi
  in_seconds "$wait_ms"
  wait_s=$seconds
  in_seconds "$interval_ms"
  case $ping_kind in
    iputils) options="-n -c $echoes -i $seconds -W $wait_s $packet_options" ;;
    busybox) options="-c $echoes -i $seconds -W $(((wait_ms + 999) / 1000)) $size_and_ttl_options" ;;
    *)
      echo @missing
      return
      ;;
  esac
  echo "@tool $ping_kind"
  # busybox cannot set the don't-fragment bit, and echo requests without it would say something else.
  [ "$ping_kind:$dont_fragment" != busybox:yes ] || return
  side_by_side=0
  while [ $# -ge 3 ]; do
    # shellcheck disable=SC2086
    {
      $ping "-$2" $options -- "$3" 2>&1 </dev/null
      echo "@ended $1 $?"
    } | mark @ping "$1" &
    side_by_side=$((side_by_side + 1))
    [ $((side_by_side % most_side_by_side)) -ne 0 ] || wait
    shift 3
  done
  wait
}

# $1: -s or -q; sends echo requests to all of $words.
# -t: without it the period is the timeout. Both -S: fping 5.1 hears nothing on an unprivileged socket without them.
send() {
  # shellcheck disable=SC2086
  exec $fping "$1" -C "$count" -p "$interval_ms" -t "$reply_timeout_ms" -i 1 -S 0.0.0.0 -S :: $fping_options -- $words 2>&1 </dev/null
}

# fping swallows duplicates as long as it streams; only its total of replies ($1) shows that there were some.
tell_duplicates() {
  [ "$1" -gt "$replies" ] || return 0
  case $words in
    ' '*' '*' ') ;;
    # One target without a loss: the difference is its own.
    *) [ "$replies" -ne "$count" ] || { echo "@duplicates $(($1 - replies))$words"; return; } ;;
  esac
  # Otherwise the whole is measured once more, quietly, which names each duplicate.
  (send -q) | while IFS= read -r line; do
    case $line in *' : duplicate for ['*) printf '%s\n' "$line" ;; esac
  done
}

# Measures all destinations ("$@": triples) with one fping for each address, and explains silence while it runs.
fping_all() {
  words=' '
  # The triples go round once: each word is taken once, fping counts a repeated one as another target.
  left=$(($# / 3))
  while [ "$left" -gt 0 ]; do
    case $words in *" $3 "*) ;; *) words="$words$3 " ;; esac
    set -- "$@" "$1" "$2" "$3"
    shift 3
    left=$((left - 1))
  done
  {
    send -s &
    sender=$!
    in_seconds "$silence_ms"
    { later "$seconds" && echo @silence; } 2>/dev/null &
    timers=$!
    if [ "$deadline_ms" != - ]; then
      in_seconds "$deadline_ms"
      { later "$seconds" && echo @deadline && kill "$sender"; } 2>/dev/null &
      timers="$timers $!"
    fi
    wait "$sender"
    echo "@sent $?"
    # shellcheck disable=SC2086
    kill $timers
    wait
  } 2>/dev/null | {
    answered=' ' explained=' ' heard=no replies=0 received=0 side_by_side=0
    while IFS= read -r line; do
      case $line in
        @silence)
          space_explaining "$silent_apart_ms"
          explain_silent "$@"
          space_explaining 200
          continue
          ;;
        '@sent '*) break ;;
        ' '*' ICMP Echo Replies received')
          received=${line%% ICMP*}
          received=${received##* }
          ;;
        *': ['*' ms ('*)
          heard=yes replies=$((replies + 1))
          case $answered in *" ${line%% *} "*) ;; *) answered="$answered${line%% *} " ;; esac
          ;;
        *' : '* | @deadline) heard=yes ;;
      esac
      # What is indented or empty belongs to the final statistics.
      case $line in ' '* | '') ;; *) printf '%s\n' "$line" ;; esac
    done
    if [ "$heard" = yes ]; then
      explain_silent "$@"
      tell_duplicates "$received"
    else
      ping_all "$@"
    fi
    wait
  }
}

packet_options='' fping_options=''
[ "$size" = - ] || packet_options="-s $size" fping_options="-b $size"
[ "$ttl" = - ] || packet_options="$packet_options -t $ttl" fping_options="$fping_options -H $ttl"
size_and_ttl_options=$packet_options
[ "$dont_fragment" = no ] || packet_options="$packet_options -M do" fping_options="$fping_options -M"

explain_wait_ms=$reply_timeout_ms
if [ "$deadline_ms" != - ] && [ $((deadline_ms - silence_ms - 200)) -lt "$explain_wait_ms" ]; then
  explain_wait_ms=$((deadline_ms - silence_ms - 200))
  [ "$explain_wait_ms" -ge 1 ] || explain_wait_ms=1
fi
# Both times of the two echo requests that look for a cause: $1 how long the second one follows the first.
space_explaining() {
  in_seconds "$1"
  explain_apart_s=$seconds
  in_seconds $((explain_wait_ms + 200 - $1))
  explain_wait_s=$seconds
}
# While fping waits for silent destinations there is time: Linux sends one ICMP error a second to a peer
# (net.ipv4.icmp_ratelimit; ip_error in net/ipv4/route.c takes two of them), and the measurement may have used them up.
silent_apart_ms=$((explain_wait_ms - 1500))
[ "$silent_apart_ms" -ge 200 ] || silent_apart_ms=200
[ "$silent_apart_ms" -le 2000 ] || silent_apart_ms=2000
space_explaining 200

# All that is measured, for quadruples.
measure() {
  resolve_hosts "$@"
  # One round turns quadruples into the triples (INDEX FAMILY WORD) of those that have something to send to.
  side_by_side=0
  left=$(($# / 4))
  while [ "$left" -gt 0 ]; do
    find_word "$1" "$2" "$3" "$4"
    if [ -n "$word" ]; then
      set -- "$@" "$1" "$2" "$word"
    else
      # The tool's own words tell a name that does not exist from a DNS server that does not answer.
      case $markers in *"@unresolved $1 timeout"*) ;; *) explain "$1" "$2" "$4" ;; esac
    fi
    shift 4
    left=$((left - 1))
  done
  if [ $# -gt 0 ]; then
    # A name that getent could not be asked for goes to ping, which can be told the address family of each.
    case $markers in
      *@target*) ping_all "$@" ;;
      *)
        if find_tool fping -v && is_current_fping; then
          fping=$tool
          echo "@tool fping"
          fping_all "$@"
        else
          ping_all "$@"
        fi
        ;;
    esac
  fi
  wait
}

# In a subshell, whose wait does not wait for the guards.
(measure "$@")
unguard
