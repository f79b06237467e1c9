# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Starts a keeper (keeper.sh) and tells how it began. Arguments: STATE_SCRIPT KEEPER_SCRIPT TOKEN SECONDS DEVICE MARK PLAN.
# state.sh is an argument, because the keeper needs it as well. It stands behind network.sh and plan.sh.
eval "$1"
need ip tc setsid
program=$(printf '%s\n%s' "$1" "$2")
new_token=$3 seconds=$4 device=$5 new_mark=$6 new=$work/shape-$3
for old in "$work"/shape-*; do
  if abandoned "$old"; then rm -rf "$old"; fi
done
if ! words=$(unpack "$new" "$new_token" "$7" 2>&1); then
  echo "@outcome failed the plan cannot be written in /tmp of the tool container: $(printf %s "$words" | one_line)"
  echo @end
  exit
fi
if [ -s "$new/nft" ]; then need nft; fi

setsid sh -c "$program" netmachinery-keeper "$new" "$device" "$seconds" "$new_mark" </dev/null >/dev/null 2>&1 &
starter=$!
# A time limit that ends this script ends the shape; a lost connection does not.
trap 'lives "$new" && kill "$keeper"; exit 143' TERM INT HUP
until [ -f "$new/outcome" ]; do
  if ! lives "$new" && ! find_birth "$starter"; then break; fi
  rest 0.1
done
outcome='failed its keeper was ended'
{ read -r outcome <"$new/outcome"; } 2>/dev/null
[ "$outcome" = installed ] || rm -rf "$new"
[ "$outcome" != taken ] || for _ in 1 2 3 4 5 6 7 8 9 10; do
  # Whoever was faster may be about to write down what it is.
  ! find_keeper || break
  rest 0.1
done
echo "@outcome $outcome"
show_network
echo @end
