# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# DNS queries by dig, after blocks.sh. Arguments: yes|no (the leash) SECONDS ATTEMPTS tcp|notcp, then the blocks. A line of a
# block is one test: INDEX SERVER PORT TYPE NAME..., where the names are asked for in turn, as resolv.conf(5) says, until one
# has records. What is printed is described in dns-parser.ts.
seconds=$2 attempts=$3 transport=$4
# Queries that wait for a silent server at once, in each block.
together=8

query() { # PART [-q NAME -t TYPE]... -> 0: the next name is to be asked for; 2: no answer
  part=$1
  shift
  dig -r -u -p "$port" "@$server" +noall +comments +answer +stats +noedns +tries=1 "+time=$seconds" "+$transport" "$@" 2>&1 | {
    next=1 empty=
    while IFS= read -r line; do
      [ -z "$line" ] || printf '@dig %s %s %s\n' "$index" "$part" "$line"
      case $line in
        *'status: NXDOMAIN,'* | *'status: SERVFAIL,'*) next=0 ;;
        *'status: NOERROR,'*) empty=yes ;;
        ';; flags:'*' ANSWER: 0,'*) [ -z "$empty" ] || next=0 ;;
        *'no servers could be reached'*) next=2 ;;
      esac
    done
    exit "$next"
  }
}

ask() { # NAME...
  step=0 next=0
  for name; do
    step=$((step + 1))
    echo "@ask $index s$step $name"
    query "s$step" -q "$name" -t "$type"
    next=$?
    [ "$next" -eq 0 ] || break
  done
  # The other attempts only repeat the last query: one process asks them one after another where there are answers.
  set --
  attempt=1
  while [ "$attempt" -lt "$attempts" ]; do
    attempt=$((attempt + 1))
    if [ "$next" -ne 2 ]; then
      set -- "$@" -q "$name" -t "$type"
      continue
    fi
    query "r$attempt" -q "$name" -t "$type" &
    [ $((attempt % together)) -ne 0 ] || wait
  done
  wait
  [ $# -eq 0 ] || query r "$@"
  echo "@done $index"
}

# shellcheck disable=SC2317 # called by blocks.sh
block() { # TEXT
  printf '%s' "$1" | while read -r index server port type names; do
    # shellcheck disable=SC2086 # a list
    ask $names
  done
}

if ! command -v dig >/dev/null 2>&1; then
  echo '@missing dig'
  exit 127
fi
leash=$1
shift 4
run_blocks "$leash" "$@"
