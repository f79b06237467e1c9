# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# How a remote command ends by itself: after its limit, and when nobody holds its standard input any more.

# Sleeps $1 seconds; true when they have passed. A TERM ends it and its sleep at once. Every child is waited for, because
# process 1 of the container may not reap orphans.
later() {
  sleeper=
  trap 'kill "$sleeper"; wait "$sleeper"; exit 0' TERM
  sleep "$1" &
  sleeper=$!
  wait "$sleeper"
}

# The process group may be ended as a whole only when it is this script's own: a container runtime makes it so, and
# timeout(1) of coreutils, which starts this script in a group that timeout itself leads.
# $2 and $3: fields after the command's name in /proc/PID/stat (proc(5): state, ppid, pgrp).
owns_its_group() {
  [ "${3-}" != "$$" ] || return 0
  leader=
  [ "${3-}" = "${2-}" ] && read -r leader <"/proc/$2/comm" && [ "$leader" = timeout ]
}
end_everything() {
  [ "$group" = own ] || { kill -TERM "$$"; return; }
  # A shell that is just starting a command may swallow the first signal: no process escapes the second one.
  trap '' TERM
  kill -TERM 0
  sleep 1
  kill -KILL 0
}

# $1 yes|no: whether the client holds stdin open and its end means that nobody is there any more; $2 the limit in seconds.
guard() {
  guards='' group='' stat=''
  # Asked now: a container runtime that has lost its client kills the script, and its guards would not find it any more.
  read -r stat <"/proc/$$/stat"
  # shellcheck disable=SC2086
  owns_its_group ${stat##*') '} && group=own
  if [ "$1" = yes ]; then
    exec 3<&0 </dev/null
    {
      while read -r _; do :; done <&3
      end_everything
    } >/dev/null 2>&1 &
    guards=$!
    exec 3<&-
  fi
  { later "$2" && end_everything; } </dev/null >/dev/null 2>&1 &
  guards="$guards $!"
}

# Says that everything has been done. Where nobody reads any more the guards have to end all the same.
unguard() {
  trap '' PIPE
  echo @done
  # shellcheck disable=SC2086
  kill $guards
  wait 2>/dev/null
}
