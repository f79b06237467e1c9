#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Records what src/probes/remote/{mtu,trace}.sh print, OK and failing, into mtu/*.txt and trace/*.txt beside this file.
# Run as root on Linux with iputils-ping, iputils-tracepath, mtr-tiny, busybox, nftables and iproute2:
#   test/unit/probes/recorded/record-paths.sh [NAME...]     (all recordings, or only those named)
# All traffic stays in network namespaces of its own, which it removes:
#   src 198.18.200.2 -- .1 near .201.1 -- .2 far .202.1 -- dst 198.18.202.2...   (2001:2:0:{c8,c9,ca}::/64 likewise)
#                                         far .203.1 == dst 198.18.203.2         a link that takes 1300 bytes
#                                         far .204.1 == dst 198.18.204.2         the same, behind a router that keeps silent
# Tools run as in a pod that PodSecurity "restricted" admits: uid 65534, no capabilities, none to gain.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
compact() { sed -e 's/^[[:space:]]*//' -e '/^#/d' -e '/^$/d' "$here"/../../../../src/probes/remote/{find-tool,leash,resolve,"$1"}.sh; }
only=" $* "
prefix=nmpath
spaces='src near far dst'
work=$(mktemp -d)
chmod 755 "$work"

clean_up() {
  for space in $spaces; do ip netns del "$prefix-$space" 2>/dev/null || true; done
  rm -rf "$work" "/etc/netns/$prefix-src"
}
trap clean_up EXIT

at() { local space=$1; shift; ip netns exec "$prefix-$space" "$@"; }

# $1 $2: namespace and device of one end, $3 $4: of the other, $5: the MTU of both.
cable() {
  ip link add name "$2" netns "$prefix-$1" type veth peer name "$4" netns "$prefix-$3"
  at "$1" sysctl -qw "net.ipv6.conf.$2.accept_dad=0"
  at "$3" sysctl -qw "net.ipv6.conf.$4.accept_dad=0"
  ip -n "$prefix-$1" link set "$2" mtu "$5" up
  ip -n "$prefix-$3" link set "$4" mtu "$5" up
}
address() { local space=$1 device=$2; shift 2; for one in "$@"; do ip -n "$prefix-$space" addr add "$one" dev "$device"; done; }
route() { local space=$1; shift; ip -n "$prefix-$space" route add "$@"; }

build() {
  for space in $spaces; do
    ip netns add "$prefix-$space"
    ip -n "$prefix-$space" link set lo up
  done
  cable src veth0 near vnear 1500
  cable near vmiddle far vmiddle 1500
  cable far vdst dst vdst 1500
  cable far vnarrow dst vnarrow 1300
  cable far vhole dst vhole 1300
  address src veth0 198.18.200.2/24 2001:2:0:c8::2/64
  address near vnear 198.18.200.1/24 2001:2:0:c8::1/64
  address near vmiddle 198.18.201.1/24 2001:2:0:c9::1/64
  address far vmiddle 198.18.201.2/24 2001:2:0:c9::2/64
  address far vdst 198.18.202.1/24 2001:2:0:ca::1/64
  address dst vdst 198.18.202.{2,3,4,5,6}/24 2001:2:0:ca::{2,3,5}/64
  address far vnarrow 198.18.203.1/24 2001:2:0:cb::1/64
  address dst vnarrow 198.18.203.2/24 2001:2:0:cb::2/64
  address far vhole 198.18.204.1/24
  address dst vhole 198.18.204.2/24
  for router in near far; do at "$router" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1; done
  # Else an ICMP error that is missing could be missing for that.
  for space in near far dst; do at "$space" sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0; done
  for family in -4 -6; do
    via() { if [ "$family" = -4 ]; then echo "198.18.$1"; else printf '2001:2:0:%x::%s' "${1%.*}" "${1#*.}"; fi; }
    ip -n "$prefix-src" "$family" route add default via "$(via 200.1)"
    ip -n "$prefix-near" "$family" route add default via "$(via 201.2)"
    ip -n "$prefix-far" "$family" route add "$(via 200.)$( [ "$family" = -4 ] && echo 0/24 || echo /64)" via "$(via 201.1)"
    ip -n "$prefix-dst" "$family" route add default via "$(via 202.1)"
  done
  route far unreachable 198.18.206.0/24
  route far 198.18.205.0/24 via 198.18.202.2
  route src unreachable 198.18.207.0/24
  route src 198.18.202.4 via 198.18.200.1 mtu lock 1400
  at dst nft -f - <<'RULES'
table inet record {
  chain input {
    type filter hook input priority 0;
    ip daddr 198.18.202.3 meta length > 1300 drop
    ip6 daddr 2001:2:0:ca::3 meta length > 1300 drop
    ip daddr 198.18.202.5 drop
    ip6 daddr 2001:2:0:ca::5 drop
    ip daddr 198.18.202.6 icmp type echo-request numgen random mod 10 < 6 drop
  }
}
RULES
  at far nft -f - <<'RULES'
table inet record {
  chain output {
    type filter hook output priority 0;
    icmp type destination-unreachable icmp code frag-needed ct original ip daddr 198.18.204.2 drop
  }
  chain forward {
    type filter hook forward priority 0;
    ip daddr 198.18.205.0/24 meta l4proto udp reject
    ip daddr 198.18.205.0/24 icmp type echo-request reject with icmp type admin-prohibited
  }
}
RULES
  mkdir -p "/etc/netns/$prefix-src"
  printf '127.0.0.1 localhost\n198.18.202.2 known.example\n2001:2:0:ca::2 known.example\n' >"/etc/netns/$prefix-src/hosts"
  printf 'hosts: files\n' >"/etc/netns/$prefix-src/nsswitch.conf"
  allow_ping
}

allow_ping() { at src sysctl -qw net.ipv4.ping_group_range='0 2147483647'; }
refuse_ping() { at src sysctl -qw net.ipv4.ping_group_range='1 0'; }
forget_mtu() { ip -n "$prefix-src" route flush cache; ip -n "$prefix-src" -6 route flush cache; }

restricted=(setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all --inh-caps -all --no-new-privs)
raw=(setpriv --bounding-set -all,+net_raw --inh-caps -all --no-new-privs)

# A directory with nothing but these programs, for PATH.
path_of() {
  local name=$1 program
  shift
  mkdir -p "$work/$name"
  for program in "$@"; do
    case $program in
      busybox:*) ln -sf "$(command -v busybox)" "$work/$name/${program#*:}" ;;
      *) ln -sf "$(command -v "$program")" "$work/$name/$program" ;;
    esac
  done
  echo "$work/$name"
}

# $1 the script (mtu, trace), $2 the recording's name, then its arguments.
script() {
  local program=$1 name=$2 code=0
  shift 2
  case $only in '  ' | *" $program-$name "*) ;; *) return 0 ;; esac
  at src setsid -w "${as[@]}" "${shell[@]}" -c "$(compact "$program")" "netmachinery-$program" "$@" \
    >"$work/stdout" 2>"$work/stderr" </dev/null || code=$?
  {
    printf '== arguments\n%s\n== stdout\n' "$*"
    cat "$work/stdout"
    printf '== stderr\n'
    cat "$work/stderr"
    printf '== exit\n%s\n' "$code"
  } | sed -e "s#$work/[a-z-]*/#/usr/bin/#g" -e 's#/[^ ]*/usr/bin/#/usr/bin/#g' >"$here/$program/$name.txt"
  echo "$program-$name: exit $code"
}

as=("${restricted[@]}")
shell=(sh)
clean_up
mkdir -p "$work" "$here/mtu" "$here/trace"
chmod 755 "$work"
build

mtu=(no 120 4 -)
script mtu interface "${mtu[@]}" 0 4 address 198.18.202.2 1 6 address 2001:2:0:ca::2 2 4 address 127.0.0.1
script mtu router "${mtu[@]}" 0 4 address 198.18.203.2 1 6 address 2001:2:0:cb::2
script mtu router-remembered "${mtu[@]}" 0 4 address 198.18.203.2 1 6 address 2001:2:0:cb::2
forget_mtu
script mtu black-hole "${mtu[@]}" 0 4 address 198.18.202.3 1 6 address 2001:2:0:ca::3 2 4 address 198.18.204.2
script mtu route "${mtu[@]}" 0 4 address 198.18.202.4
script mtu loss "${mtu[@]}" 0 4 address 198.18.202.6
script mtu largest no 120 4 9000 0 4 address 198.18.202.2 1 6 address 2001:2:0:ca::2
script mtu smaller no 120 4 1000 0 4 address 198.18.202.2 1 4 address 198.18.202.3
script mtu unanswered "${mtu[@]}" 0 4 address 198.18.202.5 1 6 address 2001:2:0:ca::5 2 4 address 198.18.202.77 \
  3 4 address 198.18.206.1 4 4 address 198.18.207.1 5 4 address 198.18.205.1
script mtu names "${mtu[@]}" 0 4 host known.example 1 6 host known.example 2 4 host nowhere.example
forget_mtu
as=("${restricted[@]}" env "PATH=$(path_of only-ping sh sleep head ping)")
script mtu no-ip "${mtu[@]}" 0 4 address 198.18.202.2 1 4 address 198.18.203.2
as=("${restricted[@]}" env "PATH=$(path_of busybox busybox:sh busybox:sleep busybox:ping)")
script mtu busybox "${mtu[@]}" 0 4 address 198.18.202.2
as=("${restricted[@]}" env "PATH=$(path_of nothing sh sleep)")
script mtu no-tools "${mtu[@]}" 0 4 address 198.18.202.2
script trace no-tracepath no 60 tracepath 1 30 - 2 0 4 address 198.18.202.2
script trace no-mtr no 60 icmp 1 30 - 2 0 4 address 198.18.202.2
as=("${restricted[@]}")

tracepath=(no 200 tracepath 3 30 - 2)
script trace tracepath "${tracepath[@]}" 0 4 address 198.18.202.2 1 6 address 2001:2:0:ca::2 2 4 address 127.0.0.1
script trace tracepath-silent no 200 tracepath 1 30 - 2 0 4 address 198.18.202.5 1 6 address 2001:2:0:ca::5
script trace tracepath-few-hops no 200 tracepath 2 2 - 2 0 4 address 198.18.202.2
script trace tracepath-unreachable no 200 tracepath 1 30 - 2 0 4 address 198.18.202.77 1 4 address 198.18.206.1 \
  2 4 address 198.18.207.1 3 4 address 198.18.205.1
script trace tracepath-names "${tracepath[@]}" 0 4 host known.example 1 6 host known.example 2 4 host nowhere.example
shell=(busybox sh)
script trace busybox-shell no 200 tracepath 1 30 - 2 0 4 address 198.18.202.2 1 4 address 198.18.202.5
shell=(sh)
script trace mtr no 60 icmp 3 30 - 2 0 4 address 198.18.202.2 1 6 address 2001:2:0:ca::2
script trace mtr-silent no 60 icmp 3 30 - 2 0 4 address 198.18.202.5 1 4 address 198.18.202.77
script trace mtr-unreachable no 60 icmp 2 30 - 2 0 4 address 198.18.206.1 1 4 address 198.18.207.1
as=("${raw[@]}")
script trace mtr-udp no 60 udp 3 30 53 2 0 4 address 198.18.202.2 1 6 address 2001:2:0:ca::2
script trace mtr-tcp no 60 tcp 3 30 80 2 0 4 address 198.18.202.2 1 6 address 2001:2:0:ca::2
as=("${restricted[@]}")
refuse_ping
script mtu refused "${mtu[@]}" 0 4 address 198.18.202.2
script trace mtr-refused no 60 icmp 2 30 - 2 0 4 address 198.18.202.2
allow_ping
