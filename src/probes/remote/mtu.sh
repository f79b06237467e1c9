# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Looks for the largest IP packet that each of many destinations answers, all at the same time, with echo requests that may
# not be fragmented. Plain POSIX sh; it stands behind find-tool.sh, leash.sh and resolve.sh, whose markers it prints too.
#
# Arguments: LEASH(yes|no) LIMIT_S FIRST_S LARGEST|- then for each destination: INDEX FAMILY(4|6) KIND(address|host) WORD
# Sizes are those of IP packets in bytes.
#
# Output, one line each:
#   @tool NAME               the ping that is there (iputils, busybox); @missing, @unrunnable ping
#   @route INDEX TEXT        what ip-route(8) says of the way; @link INDEX TEXT: what ip-link(8) says of its interface
#   @ping INDEX SIZE TEXT    a line of the ping with packets of that size; @ended INDEX SIZE RC when it has ended
#   @searched INDEX          the search has come to its end
#   @done                    everything that was asked for has been done

leash=$1 limit_s=$2 first_s=$3 most=$4
shift 4
export LC_ALL=C
most_side_by_side=64

guard "$leash" "$limit_s"

# $1 size, $2 seconds: sends echo requests until one is answered or refused -> $code (0: answered) and $said.
# With -w and -c 1 iputils goes on after a loss, so that one lost by chance is no answer yet (ping(8)).
try_size() {
  # shellcheck disable=SC2086
  said=$($tool "-$family" -n -c 1 -i 0.2 -w "$2" -M 'do' -s $(($1 - header)) -- "$word" 2>&1 </dev/null)
  code=$?
  printf '%s\n' "$said" | while IFS= read -r line; do printf '@ping %s %s %s\n' "$index" "$1" "$line"; done
  echo "@ended $index $1 $code"
}

# The MTU that $said names -> $allowed, or empty. "Frag needed and DF set (mtu = 1300)", "message too long, mtu=1300",
# "mtu: 1300" (IPv6).
read_allowed() {
  case $said in
    *'mtu = '*) allowed=${said##*'mtu = '} ;;
    *'mtu='*) allowed=${said##*'mtu='} ;;
    *'mtu: '*) allowed=${said##*'mtu: '} ;;
    *) allowed= ;;
  esac
  allowed=${allowed%%[!0-9]*}
}

# -> $device_mtu, or empty where ip(8) is missing or knows no way.
find_interface() {
  device_mtu=
  case $word in *[!0-9a-fA-F:.]*) return ;; esac
  command -v ip >/dev/null 2>&1 || return 0
  route=$(ip -o route get "$word" 2>/dev/null | head -n 1)
  case $route in *' dev '*) ;; *) return ;; esac
  echo "@route $index $route"
  device=${route#*' dev '}
  link=$(ip -o link show dev "${device%% *}" 2>/dev/null | head -n 1)
  case $link in *' mtu '*) ;; *) return ;; esac
  echo "@link $index $link"
  device_mtu=${link#*' mtu '}
  device_mtu=${device_mtu%%[!0-9]*}
}

# The largest size between $low, which is answered, and $over, which is not; it begins with $size.
halve() {
  while [ $((over - low)) -gt 1 ]; do
    try_size "$size" "$wait_s"
    if [ "$code" -eq 0 ]; then
      low=$size
    else
      over=$size silent=yes
      read_allowed
      if [ -n "$allowed" ]; then
        silent=no
        # Who names a size is taken at his word, but it is tried.
        if [ "$allowed" -ge "$low" ] && [ "$allowed" -lt "$size" ]; then
          over=$((allowed + 1)) size=$allowed
          continue
        fi
      fi
    fi
    size=$(((low + over) / 2))
  done
}

search() { # INDEX FAMILY WORD
  index=$1 family=$2 word=$3
  # Headers of IPv4 (RFC 791) or IPv6 (RFC 8200) and of ICMP echo; 56 bytes of payload are what ping(8) sends by itself.
  header=28
  [ "$family" = 4 ] || header=48
  low=$((header + 56))
  find_interface
  largest=$most
  [ "$largest" != - ] || largest=${device_mtu:-65535}
  # The length of an IP packet has 16 bits; the interface lo has an MTU of 65536.
  [ "$largest" -le 65535 ] || largest=65535
  try_size "$low" "$first_s"
  [ "$code" -eq 0 ] || return
  case $said in *' time='*) rtt_ms=${said##*' time='} ;; *) rtt_ms=0 ;; esac
  rtt_ms=${rtt_ms%%[!0-9]*}
  wait_s=$((1 + 2 * ${rtt_ms:-0} / 1000))
  size=$largest over=$((largest + 1)) silent=no mistakes=0
  while :; do
    halve
    [ "$silent" = yes ] || break
    # What was lost by chance would look like a black hole: it is sent three times as long.
    try_size "$over" $((3 * wait_s))
    if [ "$code" -ne 0 ]; then
      # And where nothing is answered any more, it is none either.
      try_size "$low" $((3 * wait_s))
      break
    fi
    mistakes=$((mistakes + 1))
    [ "$mistakes" -lt 4 ] || break
    low=$over size=$largest over=$((largest + 1)) silent=no
  done
  echo "@searched $index"
}

search_all() {
  resolve_hosts "$@"
  find_tool ping -V || { [ -n "$tool" ] || echo @missing; return; }
  # shellcheck disable=SC2154
  case $version in
    *iputils*) echo '@tool iputils' ;;
    *BusyBox*)
      # It cannot set the don't-fragment bit.
      echo '@tool busybox'
      return
      ;;
    *)
      echo @missing
      return
      ;;
  esac
  side_by_side=0
  while [ $# -ge 4 ]; do
    find_word "$1" "$2" "$3" "$4"
    if [ -n "$word" ]; then
      search "$1" "$2" "$word" &
      side_by_side=$((side_by_side + 1))
      [ $((side_by_side % most_side_by_side)) -ne 0 ] || wait
    fi
    shift 4
  done
  wait
}

# In a subshell, whose wait does not wait for the guards.
(search_all "$@")
unguard
