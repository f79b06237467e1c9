# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Work in blocks of lines, side by side. The script that this is put before defines `block TEXT` and calls
# `run_blocks yes|no BLOCK...`: with the leash the blocks come from standard input, each ended by an empty line, all of them
# by a dot; else they are the arguments. What is read like that is in no process list. Afterwards "@end" is printed.
set -u
LC_ALL=C
export LC_ALL
unset BASH_ENV ENV POSIXLY_CORRECT
newline=$(printf '\n.')
newline=${newline%.}
workers=

begin() { # TEXT
  block "$1" 3<&- &
  workers="$workers $!"
  # Processes that start at once would spoil each other's times.
  sleep 0.01 2>/dev/null
}

# Ends everything when standard input does. An exec leads a process group (runc and crun call setsid), be it by the
# timeout that it began with; where that is not so, what is under way ends by its own time limit.
hold_leash() {
  while read -r _; do :; done
  read -r _ _ _ _ group _ </proc/self/stat
  if [ "$group" = "$$" ] || [ "$group" = "$PPID" ]; then kill -KILL 0; fi
  # shellcheck disable=SC2086 # a list of process ids
  kill -KILL "$$" $workers
}

run_blocks() { # yes|no BLOCK...
  leash=$1
  shift
  exec 3<&0 </dev/null
  for text; do begin "$text"; done
  leash_pid=
  if [ "$leash" = yes ]; then
    text='' line=''
    while IFS= read -r line <&3 && [ "$line" != . ]; do
      if [ -n "$line" ]; then
        text=$text$line$newline
      else
        begin "$text"
        text=
      fi
    done
    [ "$line" = . ] || exit 143
    hold_leash <&3 >/dev/null 2>&1 &
    leash_pid=$!
  fi
  exec 3<&-
  for worker in $workers; do wait "$worker"; done
  [ -z "$leash_pid" ] || kill -KILL "$leash_pid"
  echo @end
}
