# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Takes one piece of a plan that is too long for the address of one request. Arguments: TOKEN first|next PIECE, which is base64 of
# gzip. It stands behind state.sh.
need base64 gzip
[ "$2" = next ] || rm -f "$work/staged-$1"
printf %s "$3" >>"$work/staged-$1" && echo @end
