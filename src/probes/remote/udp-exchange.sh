# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# One datagram to each of many destinations, and what comes back. Arguments: BASH_PROGRAM TIMEOUT_MS ATTEMPTS yes|no (the
# leash), then for each destination INDEX FAMILY ADDRESS HOST PORT PAYLOAD, where ADDRESS or HOST is "-" and PAYLOAD is
# written as \xHH for every byte. What it prints is described in udp-parser.ts.
#
# nc is no way out where bash is missing: `nc -u -z` calls silence a success, and sends datagrams of its own.
set -u
LC_ALL=C
export LC_ALL
unset BASH_ENV ENV POSIXLY_CORRECT
program=$1
shift
for tool in bash dd base64; do
  if ! command -v "$tool" >/dev/null 2>&1; then
    echo "@missing $tool"
    exit 127
  fi
done
# shellcheck disable=SC2016 # it is the other shell that has to expand it
if ! bash -c '[ -n "${EPOCHREALTIME-}" ]'; then
  echo '@missing bash-5'
  exit 127
fi
exec bash -c "$program" "$0" "$@"
