# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes the rules of one shape, keeps them until their deadline, and takes them away: detached from whoever asked, who may
# be gone by then. Arguments: FOLDER DEVICE SECONDS MARK. In the folder: `root`, `links`, `tc`, `nft`, the parts of the
# plan, and `wanted-token`, `wanted-record`. Says in `outcome` how it began: "installed", "taken", "foreign TEXT" or
# "failed TEXT". TERM ends the shape; USR1 means that there is a request (request.sh). It stands behind state.sh and undo.sh.
folder=$1 device=$2 seconds=$3 own_mark=$4
locked=no serving=no sleeper='' left='' marker='' record=''
log=/dev/termination-log

# PID 1 ends itself when nothing is registered as work.
register() {
  [ -z "$marker" ] || rm -f "$marker"
  marker=$work/$((deadline + 60)).$$
  : >"$marker"
}

# $1 folder of what is wanted: becomes what is.
write_down() {
  read -r token <"$1/wanted-token"
  IFS= read -r record <"$1/wanted-record"
  tell "$folder/state" "$token" "$deadline" "$record"
  printf '%s\n' "$record" >"$log"
}

# Rules that another of us has made since are left alone. Where somebody took our root away, it is taken once more for as
# long as the rest is removed.
take_away() {
  if ! marked "$own_mark"; then
    survey
    [ -z "$roots" ] || return 0
    tc -batch - <"$folder/root"
  fi
  undo
  # Once more: a tool may have been ended half-way.
  marked "$own_mark" || return 0
  undo
  if marked "$own_mark"; then left=$(ours | one_line); fi
}

# $1: the outcome, where none was told; the folder stays for whoever has to read it.
finish() {
  trap '' TERM INT HUP USR1
  [ -z "$sleeper" ] || kill "$sleeper"
  rm -f "$folder/state"
  if [ "$locked" = yes ]; then
    take_away
    written=
    IFS= read -r written <"$log"
    if [ "$written" = "$record" ]; then : >"$log"; fi
  fi
  if [ -n "${1-}" ]; then tell "$folder/outcome" "$1${left:+ (still there: $left)}"; else rm -rf "$folder"; fi
  rm -f "$marker"
  exit 0
}

# How somebody else's root is called who has the interface.
foreign_root() {
  tc qdisc show dev "$device" | while read -r _ kind handle where _; do
    [ "$where" != root ] || [ "$handle" = 0: ] || echo "qdisc $kind $handle"
  done
}

# Takes the root: the kernel lets only one of us.
lock() {
  locked=yes
  if words=$(tc -batch - <"$folder/root" 2>&1); then
    survey
    [ "$roots" != " $device" ] || return 0
    # Another interface of the pod is taken.
    tc qdisc del dev "$device" root handle 6e6d:
    locked=no
    finish taken
  fi
  locked=no
  survey
  [ -z "$roots" ] || finish taken
  other=$(foreign_root)
  [ -z "$other" ] || finish "foreign $other"
  finish "failed tc: $(printf %s "$words" | one_line)"
}

step() { # PART TOOL...
  part=$folder/$1
  shift
  [ -s "$part" ] || return 0
  words=$("$@" <"$part" 2>&1) || finish "failed $1: $(printf %s "$words" | one_line)"
}

install() {
  # What a killed one of us may have left beside a root that is gone.
  undo_below_root
  [ -z "$ifb" ] || survey
  step links ip -batch -
  case " $hooks " in
    *" $device "*) ;;
    *)
      find_ifb
      [ -z "$ifb" ] || ip link set dev nm-ifb alias "netmachinery made clsact of $device"
      ;;
  esac
  step tc tc -batch -
  step nft nft -f -
}

# $1 folder with `tc`, `nft` and what is wanted.
change() {
  words=$(tc -batch - <"$1/tc" 2>&1) || return 1
  if [ -s "$1/nft" ]; then words=$(nft -f - <"$1/nft" 2>&1) || return 1; fi
  write_down "$1"
}

# The answer to the request $1: VERB SECONDS.
answer() {
  marked "$own_mark" || { tell "$1/answer" gone && return; }
  look_at_clock
  deadline=$((now + $3))
  became=renewed
  if [ "$2" = renew ]; then
    tell "$folder/state" "$token" "$deadline" "$record"
  elif change "$1"; then
    became=changed
  else
    tell "$1/answer" "failed $(printf %s "$words" | one_line)"
    finish failed
  fi
  register
  tell "$1/answer" "$became"
}

serve() {
  [ "$serving" = no ] || return 0
  serving=yes
  for request in "$folder"/request-*; do
    { read -r verb seconds <"$request/verb"; } 2>/dev/null || continue
    [ ! -e "$request/answer" ] || continue
    answer "$request" "$verb" "$seconds"
  done
  serving=no
}

exec >/dev/null 2>&1 </dev/null
trap 'finish "failed it was told to end"' TERM INT HUP
trap : USR1
# It must not be the first to end when memory runs out, as other work is.
pid=1
read -r pid <"$work/idle"
if read -r score <"/proc/$pid/oom_score_adj"; then echo "$score" >/proc/self/oom_score_adj; fi
find_birth "$$"
tell "$folder/keeper" "$$ $born $own_mark"
look_at_clock
deadline=$((now + seconds))
register
lock
write_down "$folder"
install
look_at_clock
deadline=$((now + seconds))
tell "$folder/state" "$token" "$deadline" "$record"
register
trap finish TERM INT HUP
trap serve USR1
tell "$folder/outcome" installed
while
  look_at_clock
  [ "$now" -lt "$deadline" ]
do
  # Not in one go: the clock of sleep may stand still while a machine sleeps, and a signal may come just before `wait`.
  sleep 1 &
  sleeper=$!
  wait "$sleeper"
  serve
done
finish
