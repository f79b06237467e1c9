# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0

# Addresses of host names, as the pod resolves them. It stands behind state.sh.

# $1 one name.
resolve() {
  addresses=
  for address in $(timeout 10 getent ahosts "$1" 2>/dev/null | sed 's/[[:space:]].*//;s/^::ffff:\([0-9.]*\)$/\1/'); do
    case " $addresses " in *" $address "*) ;; *) addresses="$addresses $address" ;; esac
  done
  echo "@host $1$addresses"
}

# All names at once, in the background: `wait` waits for them.
resolve_all() {
  [ $# -gt 0 ] || return 0
  need getent timeout sed
  for host; do resolve "$host" & done
}
