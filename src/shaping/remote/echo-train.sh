# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Sends echo requests as fast as they are answered, with iputils ping, in several trains. A first one uses up what a token
# bucket lets pass at once; the others are the measurement, repeated while a train takes longer than it should: a pause of a
# busy machine makes it longer, and nothing makes it shorter. It stands behind find-tool.sh.
# Arguments: COUNT and SECONDS of the first train, TRAINS, COUNT, SECONDS and GOOD_MS of the others, then all other words of
# ping's command line. Output: "@missing", or ping's own about the others.
export LC_ALL=C
first="-c $1 -w $2" trains=$3 next="-c $4 -w $5" good_ms=$6
shift 6
find_tool ping -V
case $?:$version in
  0:*iputils*) ;;
  *) echo @missing; exit 127 ;;
esac
# shellcheck disable=SC2086
$tool $first "$@" >/dev/null 2>&1
while [ "$trains" -gt 0 ]; do
  trains=$((trains - 1))
  # shellcheck disable=SC2086
  said=$($tool $next "$@" 2>&1)
  printf '%s\n' "$said"
  ms=${said##* time }
  ms=${ms%%ms*}
  case $ms in '' | *[!0-9]*) break ;; esac
  [ "$ms" -gt "$good_ms" ] || break
done
