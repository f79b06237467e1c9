# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Prints the addresses of host names. Arguments: HOST... It stands behind state.sh and resolve.sh.
resolve_all "$@"
wait
echo @end
