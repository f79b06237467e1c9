# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Asks a keeper for something. Arguments: renew|change TOKEN SECONDS PLAN. It stands behind state.sh and plan.sh.
need ip tc
wanted=$2 answer=gone
if find_keeper && [ "$token" = "$wanted" ] && request=$folder/request-$$ && mkdir "$request" 2>/dev/null; then
  if [ "$1" = change ] && ! unpack "$request" "$wanted" "$4"; then
    answer='failed the change cannot be written in /tmp of the tool container'
  else
    tell "$request/verb" "$1 $3"
    kill -USR1 "$keeper"
    while [ ! -f "$request/answer" ] && lives "$folder"; do rest 0.1; done
    { read -r answer <"$request/answer"; } 2>/dev/null
    # A change that fails ends the shape.
    case $answer in
      failed*)
        while lives "$folder"; do rest 0.1; done
        rm -rf "$folder"
        ;;
    esac
  fi
  rm -rf "$request"
fi
echo "@answer $answer"
echo @end
