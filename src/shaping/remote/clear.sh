# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Ends a shape: through its keeper where that lives in this container, else directly. Arguments: TOKEN MARK, both empty for
# whatever is ours. Prints the network before and after, and what could not be removed. It stands behind state.sh,
# network.sh and undo.sh.
need ip tc
wanted=$1 wanted_mark=$2
log=/dev/termination-log

# Ends the keeper of $folder and waits for its end, for some seconds.
end_keeper() {
  kill "$keeper"
  look_at_clock
  last=$((now + 20))
  while [ "$now" -lt "$last" ] && lives "$folder"; do
    rest 0.1
    look_at_clock
  done
}

# Whether a keeper that was killed in this container had the wanted shape, and its rules are still those.
was_killed_here() {
  for folder in "$work"/shape-*; do
    if read_state "$folder" && [ "$token" = "$wanted" ] && read -r _ _ mark <"$folder/keeper" && marked "$mark"; then return; fi
  done
  return 1
}

clear_one() {
  # One that is only beginning, and whose beginner we have lost sight of.
  folder=$work/shape-$wanted
  if lives "$folder" && ! read_state "$folder"; then
    end_keeper
    return
  fi
  if find_keeper; then
    [ "$token" = "$wanted" ] || { cleared=others && return; }
    end_keeper
    # Whoever waited for the root may have it by now.
    ! marked "$mark" || undo
    return
  fi
  survey
  if [ -n "$roots" ] && ! marked "$wanted_mark" && ! was_killed_here; then
    cleared=others
    return
  fi
  undo
}

clear_all() {
  for folder in "$work"/shape-*; do
    if lives "$folder"; then end_keeper; fi
  done
  undo
}

echo @before
show_network
cleared=nothing
[ -z "$(ours)" ] || cleared=cleared
{
  if [ -n "$wanted" ]; then clear_one; elif [ "$cleared" = cleared ] || find_keeper; then clear_all; fi
  for old in "$work"/shape-*; do
    if abandoned "$old"; then
      written=
      if read_state "$old" && IFS= read -r written <"$log" && [ "$written" = "$record" ]; then : >"$log"; fi
      rm -rf "$old"
    fi
  done
} 2>/dev/null
echo @after
show_network
[ "$cleared" != cleared ] || ours | while IFS= read -r line; do echo "@left $line"; done
echo "@cleared $cleared"
echo @end
