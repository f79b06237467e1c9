# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0

# What a keeper (keeper.sh) leaves for others in its container: a folder each, /tmp/.netmachinery/shape-TOKEN, named after
# the token that it began with. In it `keeper`: its process, when that began (proc(5), starttime), and its mark (htb's r2q,
# which tells its rules from another's); and while its rules are in place `state`: token, deadline (seconds of
# /proc/uptime) and record (JSON), a line each. Few processes are started here and elsewhere: on slow nodes they are what takes time.
set -u
LC_ALL=C
export LC_ALL
work=/tmp/.netmachinery

# $1 seconds, perhaps with decimals, which not every sleep takes.
rest() { sleep "$1" 2>/dev/null || sleep 1; }

# -> $now in whole seconds.
look_at_clock() {
  read -r now _ </proc/uptime
  now=${now%%.*}
}

# $1 process -> $born; false where there is none.
find_birth() {
  { read -r born <"/proc/$1/stat"; } 2>/dev/null || return 1
  born=${born##*') '}
  case $born in Z* | X*) return 1 ;; esac
  # shellcheck disable=SC2086
  set -- $born
  shift 19
  born=$1
}

# $1 folder: whether its keeper lives -> $keeper, $mark. A process id may be somebody else's by now.
lives() {
  { read -r keeper since mark <"$1/keeper"; } 2>/dev/null && find_birth "$keeper" && [ "$born" = "$since" ]
}

# $1 folder: whether it is one that a killed keeper left. Of one that did not begin, its outcome stays for whoever reads it,
# who may not have come to it on a busy machine.
abandoned() {
  if [ ! -e "$1/keeper" ] || lives "$1"; then return 1; fi
  told=installed
  { read -r told <"$1/outcome"; } 2>/dev/null
  [ "$told" = installed ]
}

# $1 folder -> $token, $deadline, $record.
read_state() {
  { read -r token && read -r deadline && IFS= read -r record; } 2>/dev/null <"$1/state"
}

# Whether our root is there with the mark $1.
marked() {
  case $(tc qdisc show) in
    *'qdisc htb 6e6d: dev '*" r2q $1 "*) return 0 ;;
    *) return 1 ;;
  esac
}

# The keeper whose rules are in place -> $folder, $keeper, $mark, $token, $deadline, $record.
find_keeper() {
  for folder in "$work"/shape-*; do
    if lives "$folder" && read_state "$folder" && marked "$mark"; then return 0; fi
  done
  return 1
}

# Words of tools that run over several lines, one of nft's for each part of a script -> one line, which is enough of them.
one_line() { tr '\n' ' ' | cut -c1-400; }

# $1 file, $2...: lines; whoever reads it finds all of it or nothing.
tell() {
  told=$1
  shift
  printf '%s\n' "$@" >"$told.new" && mv "$told.new" "$told"
}

# $@: tools; names those that are missing.
need() {
  lacking=
  for tool; do
    if command -v "$tool" >/dev/null 2>&1; then continue; fi
    echo "@lacking $tool"
    lacking=yes
  done
  [ -z "$lacking" ] || exit 127
}
