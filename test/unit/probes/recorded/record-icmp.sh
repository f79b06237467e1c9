#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Records what src/probes/remote/icmp.sh and the bare tools print, OK and failing, into icmp/*.txt beside this file.
# Run as root on Linux with iputils-ping, fping (both with their file capabilities), busybox, nftables and iproute2:
#   test/unit/probes/recorded/record-icmp.sh [NAME...]     (all recordings, or only those named)
# All traffic stays in network namespaces of its own, which it removes:
#   src 198.18.200.2 -- 198.18.200.1 router 198.18.201.1 -- dst 198.18.201.2...   (2001:2:0:c8::/64 and 2001:2:0:c9::/64)
#                                   router 198.18.202.1 -- two twins that both answer as 198.18.202.2
# Tools run as in a pod that PodSecurity "restricted" admits: uid 65534, no capabilities, none to gain.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=$here/icmp
script=$(sed -e 's/^[[:space:]]*//' -e '/^#/d' -e '/^$/d' "$here"/../../../../src/probes/remote/{find-tool,leash,resolve,icmp}.sh)
only=" $* "
prefix=nmicmp
spaces='src router dst twin1 twin2'
work=$(mktemp -d)
chmod 755 "$work"

clean_up() {
  for space in $spaces; do ip netns del "$prefix-$space" 2>/dev/null || true; done
  rm -rf "$work" "/etc/netns/$prefix-src"
}
trap clean_up EXIT

at() { local space=$1; shift; ip netns exec "$prefix-$space" "$@"; }

# $1 $2: namespace and device of one end, $3 $4: of the other.
cable() {
  ip link add name "$2" netns "$prefix-$1" type veth peer name "$4" netns "$prefix-$3"
  at "$1" sysctl -qw "net.ipv6.conf.$2.accept_dad=0"
  at "$3" sysctl -qw "net.ipv6.conf.$4.accept_dad=0"
  ip -n "$prefix-$1" link set "$2" up
  ip -n "$prefix-$3" link set "$4" up
}
address() { local space=$1 device=$2; shift 2; for one in "$@"; do ip -n "$prefix-$space" addr add "$one" dev "$device"; done; }

build() {
  for space in $spaces; do
    ip netns add "$prefix-$space"
    ip -n "$prefix-$space" link set lo up
  done
  cable src vsrc router vnear
  address src vsrc 198.18.200.2/24 2001:2:0:c8::2/64
  address router vnear 198.18.200.1/24 2001:2:0:c8::1/64
  cable router vfar dst vdst
  address router vfar 198.18.201.1/24 2001:2:0:c9::1/64
  address dst vdst 198.18.201.{2,4,5,6,7}/24 2001:2:0:c9::{2,4,5}/64
  at router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
  at dst sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
  ip -n "$prefix-src" route add 198.18.201.0/24 via 198.18.200.1
  ip -n "$prefix-src" route add 198.18.202.0/24 via 198.18.200.1
  ip -n "$prefix-src" route add 2001:2:0:c9::/64 via 2001:2:0:c8::1
  ip -n "$prefix-src" route add unreachable 198.18.203.0/24
  ip -n "$prefix-src" route add prohibit 198.18.204.0/24
  ip -n "$prefix-src" route add blackhole 198.18.205.0/24
  ip -n "$prefix-dst" route add default via 198.18.201.1
  ip -n "$prefix-dst" route add default via 2001:2:0:c9::1
  # Two hosts with one address behind a switch that floods: each echo request is answered twice.
  ip -n "$prefix-router" link add name vswitch type bridge
  ip -n "$prefix-router" link set vswitch up
  address router vswitch 198.18.202.1/24
  for twin in twin1 twin2; do
    cable router "$twin" "$twin" vtwin
    ip -n "$prefix-router" link set "$twin" master vswitch
    ip -n "$prefix-router" link set "$twin" type bridge_slave learning off
    ip -n "$prefix-$twin" link set vtwin address 02:00:00:00:00:02
    address "$twin" vtwin 198.18.202.2/24
    ip -n "$prefix-$twin" route add default via 198.18.202.1
  done
  at dst nft -f - <<'RULES'
table inet record {
  chain input {
    type filter hook input priority 0;
    ip daddr 198.18.201.4 icmp type echo-request reject with icmp type admin-prohibited
    ip daddr 198.18.201.5 drop
    ip daddr 198.18.201.6 icmp type echo-request numgen random mod 10 < 3 drop
    ip daddr 198.18.201.7 icmp type echo-request reject
    ip6 daddr 2001:2:0:c9::4 icmpv6 type echo-request reject with icmpv6 type admin-prohibited
    ip6 daddr 2001:2:0:c9::5 drop
  }
}
RULES
  at src nft -f - <<'RULES'
table inet record {
  chain output {
    type filter hook output priority 0;
    ip daddr 198.18.201.8 drop
  }
}
RULES
  mkdir -p "/etc/netns/$prefix-src"
  printf '127.0.0.1 localhost\n198.18.201.2 known.example\n2001:2:0:c9::2 known.example\n' >"/etc/netns/$prefix-src/hosts"
  printf 'nameserver 198.18.201.5\n' >"/etc/netns/$prefix-src/resolv.conf"
  printf 'hosts: files\n' >"/etc/netns/$prefix-src/nsswitch.conf"
  allow_ping
}

allow_ping() { at src sysctl -qw net.ipv4.ping_group_range='0 2147483647'; }
refuse_ping() { at src sysctl -qw net.ipv4.ping_group_range='1 0'; }
forget_mtu() { ip -n "$prefix-src" route flush cache; ip -n "$prefix-src" -6 route flush cache; }
narrow() { ip -n "$prefix-router" link set vfar mtu "$1"; ip -n "$prefix-dst" link set vdst mtu "$1"; forget_mtu; }

restricted=(setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all --inh-caps -all --no-new-privs)

# A directory with nothing but these programs, for PATH.
path_of() {
  local name=$1 program
  shift
  mkdir -p "$work/$name"
  for program in "$@"; do
    case $program in
      busybox:*) ln -s "$(command -v busybox)" "$work/$name/${program#*:}" ;;
      *) ln -s "$(command -v "$program")" "$work/$name/$program" ;;
    esac
  done
  echo "$work/$name"
}

# $1 the recording's name, $2 what is written down of the command line, then the command.
record() {
  local name=$1 shown=$2 code=0
  shift 2
  case $only in '  ' | *" $name "*) ;; *) return 0 ;; esac
  at src setsid -w "$@" >"$work/stdout" 2>"$work/stderr" </dev/null || code=$?
  {
    printf '== arguments\n%s\n== stdout\n' "$shown"
    cat "$work/stdout"
    printf '== stderr\n'
    cat "$work/stderr"
    printf '== exit\n%s\n' "$code"
  } | sed -e "s#$work/[a-z-]*/#/usr/bin/#g" >"$out/$name.txt"
  echo "$name: exit $code"
}

# The script as in a pod. $1 name, then its arguments.
script() {
  local name=$1
  shift
  record "script-$name" "$*" "${as[@]}" "${shell[@]}" -c "$script" netmachinery-ping "$@"
}
# A bare tool as in a pod, through the loader. $1 name, then the tool and its arguments.
bare() {
  local name=$1
  shift
  record "$name" "$*" "${restricted[@]}" "$loader" "$(command -v "$1")" "${@:2}"
}

as=("${restricted[@]}")
shell=(sh)
for loader in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1; do [ ! -x "$loader" ] || break; done

clean_up
mkdir -p "$work" "$out"
chmod 755 "$work"
build

usual=(no 20 5 200 3500 - - no -)
script reachable "${usual[@]}" 0 4 address 198.18.201.2 1 6 address 2001:2:0:c9::2 2 4 address 198.18.201.2
script busybox-shell no 20 2 200 3500 - - no - 0 4 address 198.18.201.2 1 4 address 198.18.200.77
script unreachable "${usual[@]}" 0 4 address 198.18.201.2 1 4 address 198.18.200.77 2 6 address 2001:2:0:c8::77 \
  3 4 address 198.18.201.77 4 4 address 198.19.0.1 5 6 address 2001:2:1::1
script filtered "${usual[@]}" 0 4 address 198.18.201.4 1 6 address 2001:2:0:c9::4 2 4 address 198.18.201.5 \
  3 6 address 2001:2:0:c9::5 4 4 address 198.18.201.7 5 4 address 198.18.201.8
script routes "${usual[@]}" 0 4 address 198.18.203.1 1 4 address 198.18.204.1 2 4 address 198.18.205.1
script hop-limit no 20 5 200 3500 - 1 no - 0 4 address 198.18.201.2 1 6 address 2001:2:0:c9::2
script loss no 30 20 100 3500 - - no - 0 4 address 198.18.201.6 1 4 address 198.18.201.2
script duplicates "${usual[@]}" 0 4 address 198.18.202.2
script duplicates-of-many "${usual[@]}" 0 4 address 198.18.201.2 1 4 address 198.18.202.2
script names no 20 2 200 3500 - - no - 7 4 host known.example 8 6 host known.example 9 4 host nowhere.example
printf 'hosts: files dns\n' >"/etc/netns/$prefix-src/nsswitch.conf"
script name-server-silent no 30 2 200 3500 - - no - 0 4 host nowhere.example 1 4 host known.example
printf 'hosts: files\n' >"/etc/netns/$prefix-src/nsswitch.conf"
script deadline no 20 50 200 3500 - - no 1500 0 4 address 198.18.201.2 1 4 address 198.18.200.78
script size no 20 2 200 3500 1200 - no - 0 4 address 198.18.201.2 1 6 address 2001:2:0:c9::2
narrow 1400
script too-long no 20 5 200 3500 1450 - yes - 0 4 address 198.18.201.2 1 6 address 2001:2:0:c9::2
forget_mtu
bare iputils-too-long ping -n -c 2 -i 0.2 -W 3.5 -s 1450 -M 'do' -- 198.18.201.2
bare iputils-too-long-again ping -n -c 2 -i 0.2 -W 3.5 -s 1450 -M 'do' -- 198.18.201.2
bare iputils-too-long-6 ping -6 -n -c 2 -i 0.2 -W 3.5 -s 1450 -M 'do' -- 2001:2:0:c9::2
narrow 1500

as=(env)
script privileged "${usual[@]}" 0 4 address 198.18.201.2 1 6 address 2001:2:0:c9::2 2 4 address 198.18.200.79 \
  3 4 address 198.18.201.4 4 4 address 198.18.202.2
as=("${restricted[@]}")

basics=(sh sleep timeout getent)
as=("${restricted[@]}" env "PATH=$(path_of iputils "${basics[@]}" ping)")
script iputils no 20 3 200 3500 - - no - 0 4 address 198.18.201.2 1 6 address 2001:2:0:c9::2 2 4 address 198.18.200.80 \
  3 4 address 198.19.0.1 4 4 host nowhere.example 5 4 host known.example 6 4 address 198.18.201.5
script iputils-duplicates no 20 3 200 3500 - - no - 0 4 address 198.18.202.2
script iputils-deadline no 20 50 200 3500 - - no 1500 0 4 address 198.18.201.2 1 4 address 198.18.201.5
as=("${restricted[@]}" env "PATH=$(path_of no-resolver sh sleep fping ping)")
script names-left-to-ping no 20 2 200 3500 - - no - 0 4 host known.example 1 6 host known.example 2 4 host nowhere.example
as=("${restricted[@]}" env "PATH=$(path_of busybox busybox:sh busybox:sleep busybox:timeout busybox:ping)")
script busybox-restricted no 20 3 200 3500 - - no - 0 4 address 198.18.201.2 1 4 host nowhere.example
as=(env "PATH=$work/busybox")
script busybox-privileged no 20 3 200 3500 - - no - 0 4 address 198.18.201.2 1 6 address 2001:2:0:c9::2 \
  2 4 address 198.18.200.81 3 4 address 198.19.0.1 4 4 host nowhere.example 5 4 host known.example
script busybox-too-long no 20 3 200 3500 1450 - yes - 0 4 address 198.18.201.2
as=("${restricted[@]}" env "PATH=$(path_of nothing sh sleep)")
script no-tools "${usual[@]}" 0 4 address 198.18.201.2
as=("${restricted[@]}")

refuse_ping
script refused "${usual[@]}" 0 4 address 198.18.201.2 1 6 address 2001:2:0:c9::2
bare iputils-refused ping -n -c 2 -- 198.18.201.2
bare fping-refused fping -C 2 -p 200 -t 500 -S 0.0.0.0 -S :: -- 198.18.201.2
bare busybox-refused busybox ping -c 1 198.18.201.2
allow_ping

bare iputils-reachable ping -n -c 3 -i 0.2 -- 198.18.201.2
bare iputils-reachable-6 ping -n -c 3 -i 0.2 -- 2001:2:0:c9::2
bare iputils-small ping -n -c 2 -i 0.2 -s 8 -- 198.18.201.2
bare iputils-host-unreachable ping -n -c 2 -i 0.2 -W 4 -- 198.18.200.82
bare iputils-host-unreachable-6 ping -n -c 2 -i 0.2 -W 4 -- 2001:2:0:c8::82
bare iputils-no-route ping -n -c 2 -- 198.19.0.1
bare iputils-no-route-6 ping -n -c 2 -- 2001:2:1::1
bare iputils-prohibited ping -n -c 2 -i 0.2 -- 198.18.201.4
bare iputils-prohibited-6 ping -n -c 2 -i 0.2 -- 2001:2:0:c9::4
bare iputils-hop-limit ping -n -c 2 -i 0.2 -t 1 -- 198.18.201.2
bare iputils-hop-limit-6 ping -n -c 2 -i 0.2 -t 1 -- 2001:2:0:c9::2
bare iputils-duplicates ping -n -c 3 -i 0.2 -- 198.18.202.2
bare iputils-name ping -n -c 2 -- nowhere.example
bare iputils-local-filter ping -n -c 2 -i 0.2 -W 1 -- 198.18.201.8
bare fping-mixed fping -C 3 -p 200 -t 1000 -i 1 -S 0.0.0.0 -S :: -- 198.18.201.2 2001:2:0:c9::2 198.18.201.5 198.19.0.1
bare fping-without-source fping -C 2 -p 200 -t 500 -- 198.18.201.2
bare fping-name fping -C 2 -p 200 -t 500 -S 0.0.0.0 -- nowhere.example 198.18.201.2
bare fping-duplicates fping -s -C 3 -p 200 -t 500 -S 0.0.0.0 -- 198.18.202.2
bare fping-duplicates-quiet fping -q -C 3 -p 200 -t 500 -S 0.0.0.0 -- 198.18.202.2
bare fping-bad-option fping --no-such-option 198.18.201.2
record fping-privileged 'fping -C 3 -p 200 -t 3500 -i 1 -- 198.18.201.2 198.18.200.83 198.18.201.4 198.18.202.2' \
  fping -C 3 -p 200 -t 3500 -i 1 -- 198.18.201.2 198.18.200.83 198.18.201.4 198.18.202.2
record fping-not-executable 'fping -v' "${restricted[@]}" sh -c 'fping -v'
record busybox-reachable 'busybox ping -c 3 -i 0.2 198.18.202.2' busybox ping -c 3 -i 0.2 198.18.202.2
