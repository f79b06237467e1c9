#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Asked by kubectl and by shells what may come next behind `kubectl netmachinery`; the answer is kubectl-netmachinery's, the
# one beside this file, or beside what it is a link to, or on PATH.

# Says nothing but the answer, and ends well however that came about: kubectl would drop it.
answer() {
  "$@" 2>/dev/null
  exit 0
} 2>/dev/null

self=$0
while :; do
  program=$(dirname "$self")/kubectl-netmachinery
  if [ -x "$program" ] && [ ! -d "$program" ]; then
    answer "$program" __complete "$@"
  fi
  [ -L "$self" ] || break
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
if command -v kubectl-netmachinery >/dev/null 2>&1; then
  answer kubectl-netmachinery __complete "$@"
fi
# Nothing is known, and names of files are no answer either.
echo :4
