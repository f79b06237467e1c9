# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0

# Prints what the pod's network looks like, in sections that begin with "@": parse-network.ts reads them. It stands behind
# state.sh and needs no capability, but for nft's table.

# Filters of interface $1: those of our root, and what comes in.
show_filters() {
  echo "@filters $1 egress"
  tc -s filter show dev "$1" parent 6e6d: 2>/dev/null
  echo "@filters $1 ingress"
  tc -s filter show dev "$1" ingress 2>/dev/null
}

show_network() {
  read -r release </proc/sys/kernel/osrelease
  echo "@kernel $release"
  echo @links
  ip -j link show
  echo @routes4
  ip -j -4 route show default 2>/dev/null
  echo @routes6
  ip -j -6 route show default 2>/dev/null
  qdiscs=$(tc -s -j qdisc show)
  echo @qdiscs
  printf '%s\n' "$qdiscs"
  shown=' '
  case $qdiscs in
    *6e6d:* | *clsact* | *ingress*)
      tc qdisc show | while read -r _ kind handle _ device _; do
        case $kind:$handle in
          *:6e6d: | clsact:* | ingress:*) ;;
          *) continue ;;
        esac
        case $shown in *" $device "*) continue ;; esac
        shown="$shown$device "
        show_filters "$device"
      done
      ;;
  esac
  if command -v nft >/dev/null 2>&1 && table=$(nft -j list table netdev netmachinery 2>/dev/null); then
    echo @nft
    printf '%s\n' "$table"
  fi
  find_keeper || return 0
  look_at_clock
  echo "@shape $((deadline - now))"
  printf '%s\n' "$record"
}
