# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# TLS handshakes with many destinations at once. Arguments: BASH_PROGRAM TIMEOUT_MS yes|no (the leash), then for each
# destination INDEX ADDRESS PORT NAME, where NAME is "-" where there is none to ask for. What it prints is described in
# tls-parser.ts.
set -u
LC_ALL=C
export LC_ALL
unset BASH_ENV ENV POSIXLY_CORRECT
program=$1
shift
for tool in bash openssl; do
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
