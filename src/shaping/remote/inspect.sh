# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Prints the pod's network, what its kernel can do, and addresses of host names. What the kernel can do is tried on
# interfaces of our own, which are down and carry nothing. Arguments: NAME (four hexadecimal digits) HOST... It stands
# behind state.sh, network.sh and resolve.sh.
need ip tc
read -r minutes _ </proc/uptime
minutes=$((${minutes%%.*} / 60))
# Names of 15 characters at most. With their time in them, so that what a killed trial left is known.
name=nm${1}t$minutes
a=${name}a b=${name}b i=${name}i table=${name}t
shift

# $1: a name of a trial's interface or table, with its last letter; whether that began some minutes ago.
is_stale() {
  case $1 in nm[0-9a-f][0-9a-f][0-9a-f][0-9a-f]t[0-9]*[abit]) ;; *) return 1 ;; esac
  begun=${1#nm????t}
  begun=${begun%?}
  case $begun in *[!0-9]*) return 1 ;; esac
  [ "$begun" -lt $((minutes - 2)) ]
}

remove_stale() {
  while read -r device _; do
    device=${device%%:*}
    if is_stale "$device"; then ip link del dev "$device"; fi
  done </proc/net/dev
  nft list tables netdev | while read -r _ _ stale; do
    if is_stale "$stale"; then nft delete table netdev "$stale"; fi
  done
} 2>/dev/null

tried=
remove_trial() {
  case $tried in *nft*) nft delete table netdev "$table" ;; esac
  # The other end of the pair goes with it.
  case $tried in *links*) printf '%s\n' "link del dev $a" "link del dev $i" | ip -force -batch - ;; esac
  tried=
} >/dev/null 2>&1
trap remove_trial EXIT
trap 'exit 143' TERM INT HUP PIPE

# Runs the lines "$@" of a tool in one process, whatever fails -> what it says; lines that fail are told by "Command failed -:N".
batch() {
  tool=$1
  shift
  printf '%s\n' "$@" | "$tool" -force -batch - 2>&1
}

# $1: words of a batch, then a feature for each line, or - where it does not matter. Of a feature with two lines either may fail.
tell_features() {
  words=$1
  shift
  lacking=' '
  first=
  printf '%s\n' "$words" | {
    while read -r line; do
      case $line in
        'Command failed -:'*)
          number=${line##*:}
          at=0
          for feature; do
            at=$((at + 1))
            case $at:$feature:$lacking in
              *:-:* | *" $feature "*) ;;
              "$number":*)
                lacking="$lacking$feature "
                echo "@lacks $feature $first"
                ;;
            esac
          done
          first=
          ;;
        # Another one of us adds and removes interfaces at the same time.
        'Dump was interrupted'*) ;;
        *) first=${first:-$line} ;;
      esac
    done
    told=' '
    for feature; do
      case $feature:$told$lacking in
        -:* | *" $feature "*) ;;
        *) echo "@has $feature" ;;
      esac
      told="$told$feature "
    done
  }
}

# Ingress before the filters; the class needs htb. The handle is not that of a shape, which others who look at the same
# time would take it for.
try_tc() { # DEVICE to redirect to
  tell_features "$(batch tc \
    "qdisc add dev $a root netem delay 1ms" \
    "qdisc del dev $a root" \
    "qdisc add dev $b root tbf rate 1mbit burst 16kb latency 100ms" \
    "qdisc add dev $a root handle 6e70: htb" \
    "class add dev $a parent 6e70: classid 6e70:1 htb rate 32gbit quantum 60000" \
    "qdisc add dev $b clsact" \
    "filter add dev $a parent 6e70: protocol ip pref 1 u32 match ip dst 198.18.0.1/32 flowid 6e70:1" \
    "filter add dev $b ingress protocol ip pref 1 u32 match ip dst 198.18.0.1/32 action mirred egress redirect dev $1")" \
    netem - tbf htb htb ingress u32 mirred
}

# $1: words of a rule that drops.
nft_hooks() {
  hook="device $a priority 0; counter name c; $1 }"
  printf '%s\n' "table netdev $table {" 'counter c { }' "chain e { type filter hook egress $hook" "chain i { type filter hook ingress $hook" '}' |
    nft -f - 2>&1
}

try_nft() {
  if ! command -v nft >/dev/null 2>&1; then
    echo '@lacks nft nft is not in the tool image'
    echo '@lacks nftNumgen nft is not in the tool image'
    return
  fi
  tried="$tried nft"
  if words=$(nft_hooks 'numgen random mod 10000 < 5 drop;'); then
    echo @has nft
    echo @has nftNumgen
    return
  fi
  if other=$(nft_hooks ''); then echo @has nft; else printf '%s\n' "$other" | { read -r line && echo "@lacks nft $line"; }; fi
  printf '%s\n' "$words" | { read -r line && echo "@lacks nftNumgen $line"; }
}

resolve_all "$@"
remove_stale
tried=links
links=$(batch ip "link add $a type veth peer name $b" "link add $i type ifb")
case $links in
  *'Command failed -:1'*) echo "@untried $(printf '%s\n' "$links" | one_line)" ;;
  *)
    tell_features "$links" - ifb
    to=$i
    case $links in *'Command failed'*) to=$a ;; esac
    try_tc "$to"
    try_nft
    ;;
esac
remove_trial
wait
show_network
echo @end
