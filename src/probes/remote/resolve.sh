# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Host names to addresses, inside the pod, for quadruples INDEX FAMILY(4|6) KIND(address|host) WORD. Prints
#   @resolved INDEX ADDRESS    @unresolved INDEX [timeout]    @target INDEX WORD (there is no getent: the tool has to)

# $1 index, $2 family, $3 name: prints its marker line. getent's code 2 is "not found"; 1 is a database it does not know.
resolve() {
  answer=$($resolve_limit getent "ahostsv$2" "$3" 2>/dev/null </dev/null)
  code=$?
  address=${answer%%[!0-9a-fA-F:.]*}
  case $code:$2:$address in
    0:6:::ffff:*.*) echo "@unresolved $1" ;;
    0:*:?*) echo "@resolved $1 $address" ;;
    2:*) echo "@unresolved $1" ;;
    124:* | 143:*) echo "@unresolved $1 timeout" ;;
    *) echo "@target $1 $3" ;;
  esac
}

# Marker lines of all host names of "$@" (quadruples), resolved side by side.
resolve_all() {
  while [ $# -ge 4 ]; do
    if [ "$3" = host ]; then resolve "$1" "$2" "$4" & fi
    shift 4
  done
  wait
}

# Marker lines of the host names among "$@" (quadruples) -> $markers, also printed.
resolve_hosts() {
  markers=
  case " $* " in *' host '*) ;; *) return ;; esac
  resolve_limit=
  if command -v timeout >/dev/null; then resolve_limit='timeout 5'; fi
  markers=$(resolve_all "$@")
  printf '%s\n' "$markers"
}

# $1 index, $2 family, $3 kind, $4 word: -> $word to send to, or empty.
find_word() {
  word=$4
  [ "$3" = host ] || return 0
  case "$markers " in
    *"@resolved $1 "*)
      word=${markers#*"@resolved $1 "}
      word=${word%%[!0-9a-fA-F:.]*}
      ;;
    *"@target $1 "*) ;;
    *) word= ;;
  esac
}
