# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0

# Takes away what is verifiably ours, whoever of us made it, and nothing else: root qdiscs of handle 6e6d:, ingress filters
# of our preferences, the clsact that we made (written on our ifb) if nothing else is on it, the ifb, nft's table.
# It stands behind state.sh.

# -> $roots: interfaces with our root (the ifb is ours as a whole); $hooks: those with a clsact or an old ingress qdisc.
survey() {
  roots='' hooks=''
  set -f
  # Every entry is a line that begins with this word.
  for word in $(tc qdisc show) qdisc; do
    if [ "$word" = qdisc ]; then at=0; fi
    at=$((at + 1))
    case $at in
      2) kind=$word ;;
      3) handle=$word ;;
      5) found=$word ;;
      6)
        case $kind in clsact | ingress) hooks="$hooks $found" ;; esac
        if [ "$handle $word" = '6e6d: root' ] && [ "$found" != nm-ifb ]; then roots="$roots $found"; fi
        ;;
    esac
  done
  set +f
}

# The preferences of our filters on what comes in at interface $1.
our_preferences() {
  last=
  tc filter show dev "$1" ingress 2>/dev/null | while read -r word rest; do
    [ "$word" = filter ] || continue
    rest=${rest#*pref }
    preference=${rest%% *}
    if [ "$preference" != "$last" ] && [ "$preference" -ge 28269 ] && [ "$preference" -le 28999 ]; then echo "$preference"; fi
    last=$preference
  done
}

# -> $ifb: what ip says of our ifb, empty where there is none.
find_ifb() {
  ifb=
  while read -r name _; do
    if [ "$name" = nm-ifb: ]; then ifb=$(ip link show dev nm-ifb type ifb 2>/dev/null); fi
  done </proc/net/dev
}

has_table() { command -v nft >/dev/null 2>&1 && nft list table netdev netmachinery >/dev/null 2>&1; }

# All but the root, which is the lock: it goes last, so that nobody else begins before.
undo_below_root() {
  find_ifb
  for hook in $hooks; do
    for preference in $(our_preferences "$hook"); do tc filter del dev "$hook" ingress pref "$preference"; done
    case $ifb in *"alias netmachinery made clsact of $hook"*) ;; *) continue ;; esac
    [ -n "$(tc filter show dev "$hook" ingress)$(tc filter show dev "$hook" egress)" ] || tc qdisc del dev "$hook" clsact
  done
  if [ -n "$ifb" ]; then ip link del dev nm-ifb; fi
  if command -v nft >/dev/null 2>&1; then nft delete table netdev netmachinery 2>/dev/null; fi
}

undo() {
  survey
  undo_below_root
  for root in $roots; do tc qdisc del dev "$root" root handle 6e6d:; done
}

# What of ours is there, a line each; nothing where all is gone.
ours() {
  survey
  find_ifb
  for root in $roots; do echo "root qdisc 6e6d: of $root"; done
  for hook in $hooks; do
    for preference in $(our_preferences "$hook"); do echo "ingress filter $preference of $hook"; done
  done
  if [ -n "$ifb" ]; then echo 'interface nm-ifb'; fi
  if has_table; then echo 'nft table netdev netmachinery'; fi
}
