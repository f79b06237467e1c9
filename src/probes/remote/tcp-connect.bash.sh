# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# TCP connects to many destinations at once, timed. Arguments and output as in tcp-connect.sh.
#
# Three kinds of connects, all made by `prober` processes that report on one pipe, the bus, to the main process:
# 1. A discovering one to every destination, a few of them in one process: most answer at once, and processes are what
#    costs here. Its time is spoilt by ARP and by the other processes, so where it was answered quickly it is thrown
#    away, and
# 2. the attempts that count follow one after another in one process, which is what makes their times exact.
# 3. Where nothing came back soon, it is the first attempt, and the others start beside it, so that all are over soon
#    after the first one's limit.
# Only the main process knows a clock: it kills a prober whose connect takes too long, and hands its remaining jobs on.
# Where processors are scarce a prober may have to wait before it begins; that time is not counted against the network.
set +o posix
set -um # -m: every prober leads its own process group, so that it dies with all that it started

timeout_us=$(($1 * 1000)) attempts=$2 leash=$3
shift 3
grace_us=$((timeout_us / 4 < 200000 ? timeout_us / 4 : 200000))
# The side-by-side attempts of a silent destination start within 100 ms of each other.
stagger_us=$((attempts > 2 ? (grace_us < 100000 ? grace_us : 100000) / (attempts - 2) : 0))
quiet_us=25000
discoveries=8 # in one prober
# How much of the timing, by the round trips seen, goes into one prober; the fewer there are, the less they disturb
# each other.
share_us=$((timeout_us / 4 < 450000 ? timeout_us / 4 : 450000))

indices=() families=() addresses=() hosts=() ports=()
while (($# >= 5)); do
  indices+=("$1") families+=("$2") addresses+=("$3") hosts+=("$4") ports+=("$5")
  shift 5
done
count=${#indices[@]}

# A pipe that is open both ways, so that neither end is ever found closed. It needs no file system to write to. A line is
# written at once and begins with blanks: a read of bash that runs out of time may swallow the byte that just came.
exec {bus}<> <(:)
printf '@tool bash\n'

# ---- probers: each does its jobs, POSITION/ATTEMPT, one after another ----

resolve() { # POSITION
  local found rest
  while read -r found rest; do
    # getent maps IPv4 addresses into IPv6 when a name has no other.
    [[ $found == *.*:* || $found == ::ffff:* ]] && continue
    addresses[$1]=$found
    printf '    resolved %s %s\n' "$1" "$found" >&"$bus"
    return
  done < <(getent "ahostsv${families[$1]}" "${hosts[$1]}" 2>/dev/null)
  return 1
}

prober() { # ID JOB...
  local id=$1 job position errors started ended text rest
  shift
  set +m # what it starts stays in its group
  exec {errors}<> <(:)
  printf '    begun %s\n' "$id" >&"$bus"
  for job; do
    position=${job%/*}
    if [[ ${addresses[position]} == - ]] && ! resolve "$position"; then
      printf '    unresolved %s %s\n' "$position" "$id" >&"$bus"
      return
    fi
    started=${EPOCHREALTIME/./}
    if { exec 3<>"/dev/tcp/${addresses[position]}/${ports[position]}"; } 2>&"$errors"; then
      ended=${EPOCHREALTIME/./}
      exec 3>&-
      text=connected
    else
      ended=${EPOCHREALTIME/./}
      text=
      read -r -t 1 -u "$errors" text
      text="failed $text"
      while read -r -t 0 -u "$errors"; do read -r -t 1 -u "$errors" rest; done
    fi
    printf '    done %s %s %s %s\n' "$id" "$job" $((ended - started)) "$text" >&"$bus"
  done
}

# ---- the main process ----

# By the prober's id: the jobs that are left (the first one is under way), and when that one began or, where nothing was
# heard of it, when it was launched.
probers=0 pids=() jobs=() since=() waiting=() handed_on=()
launch() { # JOB...
  local id=$((probers++))
  prober "$id" "$@" </dev/null 2>/dev/null &
  pids[id]=$! jobs[id]="$* " since[id]=${EPOCHREALTIME/./} waiting[id]=yes handed_on[id]=no
  disown "$!"
}

stop() { # ID
  kill -KILL -- "-${pids[$1]}" 2>/dev/null
  unset "jobs[$1]"
}

leash_pid=
# shellcheck disable=SC2317 # called by the traps
clean_up() {
  local id
  for id in "${!jobs[@]}"; do stop "$id"; done
  [[ -z $leash_pid ]] || kill -KILL "$leash_pid" 2>/dev/null
}
trap clean_up EXIT
trap 'exit 143' TERM INT HUP PIPE
if [[ $leash == yes ]]; then
  (
    while IFS= read -r -n 4096 _; do :; done
    printf '    leash\n' >&"$bus"
  ) >/dev/null 2>&1 &
  leash_pid=$!
  disown "$!"
fi
exec </dev/null

left=0         # attempts that have not been reported, of all destinations
round_trips=() # of the discovering connects, in microseconds
pending=()     # positions whose discovering connect has not been answered -> the next attempt to start beside it
timed=()       # jobs that wait for the timing

report() { # POSITION ATTEMPT MICROSECONDS WHAT
  printf '@attempt %s %s %s %s\n' "${indices[$1]}" "$2" "$3" "$4"
  ((left--))
}

discovered() { # POSITION MICROSECONDS WHAT
  local position=$1 attempt=1
  round_trips[position]=$2
  if ((pending[position] > 2)) || [[ $3 != connected && $3 != *refused* ]]; then
    report "$position" 1 "$2" "$3"
    attempt=${pending[position]}
  fi
  unset "pending[$position]"
  for (( ; attempt <= attempts; attempt++)); do timed+=("$position/$attempt"); done
}

give_up_on_name() { # POSITION
  ((left -= attempts))
  unset "pending[$1]"
  printf '@unresolved %s\n' "${indices[$1]}"
}

# Attempts of all destinations in turn, in as few processes as the round trips allow.
time_attempts() {
  local attempt job total=0 shares share=() order=() i
  for ((attempt = 1; attempt <= attempts; attempt++)); do
    for job in "${timed[@]}"; do [[ $job != */"$attempt" ]] || order+=("$job"); done
  done
  for job in "${order[@]}"; do ((total += round_trips[${job%/*}])); done
  shares=$((total / share_us + 1))
  for i in "${!order[@]}"; do share[i % shares]+=" ${order[i]}"; done
  # shellcheck disable=SC2086 # a share is a list of words
  for i in "${!share[@]}"; do launch ${share[i]}; done
  timed=()
}

# A prober that is stuck keeps its job; the rest of its list goes to others.
hand_on() { # ID
  local stuck=${jobs[$1]%% *} job
  for job in ${jobs[$1]#* }; do
    if [[ ${job%/*} == "${stuck%/*}" || $job == */0 ]]; then launch "$job"; else timed+=("$job"); fi
  done
  jobs[$1]="$stuck " handed_on[$1]=yes
}

heard() { # WORD...
  case $1 in
    resolved) addresses[$2]=$3 && printf '@resolved %s %s\n' "${indices[$2]}" "$3" ;;
    unresolved)
      unset "jobs[$3]"
      give_up_on_name "$2"
      ;;
    leash) exit 143 ;;
    begun)
      [[ -n ${jobs[$2]-} ]] || return
      since[$2]=$now waiting[$2]=no
      # Its limit is nearer now; a little later, because it is being timed.
      remind $((now + (timeout_us < 120000 ? timeout_us : 120000)))
      ;;
    done)
      local id=$2 job=$3
      [[ ${jobs[id]-} == "$job "* ]] || return
      jobs[id]=${jobs[id]#"$job "} since[id]=$now
      if [[ ${handed_on[id]} == yes ]]; then
        stop "$id"
      elif [[ -z ${jobs[id]} ]]; then
        unset "jobs[$id]"
      fi
      if [[ $job == */0 ]]; then
        discovered "${job%/*}" "$4" "${*:5}"
        due=$now
      else
        report "${job%/*}" "${job#*/}" "$4" "${*:5}"
      fi
      ;;
  esac
}

# When there is something to do next, even if nothing is heard.
due=0
remind() { ((due == 0 || $1 < due)) && due=$1; } # MICROSECONDS

start_due() {
  local position at id busy=no
  for id in "${!jobs[@]}"; do [[ ${jobs[id]} == *" "*" "* ]] && busy=yes; done
  if ((${#timed[@]} > 0)); then
    at=$((last_heard + quiet_us))
    if ((${#pending[@]} == 0 || now >= at || now >= begun + grace_us)); then time_attempts; else remind "$at"; fi
  fi
  for position in "${!pending[@]}"; do
    [[ ${addresses[position]} != - ]] || continue
    while ((pending[position] <= attempts)); do
      at=$((begun + grace_us + (pending[position] - 2) * stagger_us))
      # Starting processes would disturb those that are being timed; they have a little time to end.
      [[ $busy == no ]] || ((at += 40000))
      if ((now < at)); then
        remind "$at"
        break
      fi
      launch "$position/${pending[position]}"
      ((pending[position]++))
    done
  done
}

stop_overdue() {
  local id job position attempt limit patience
  for id in "${!jobs[@]}"; do
    job=${jobs[id]%% *} position=${job%/*}
    limit=$((since[id] + timeout_us))
    if ((limit > hard_limit)); then
      # One that began late has less time, but no less than half of it: cut off at once, it would be said to be silent.
      limit=$((since[id] + timeout_us / 2))
      ((limit >= hard_limit)) || limit=$hard_limit
    fi
    # It may be about to begin. One that never does has measured nothing, and nothing is reported of it.
    [[ ${waiting[id]} == no ]] || limit=$((hard_limit + 8000000))
    if ((now >= limit)); then
      [[ ${jobs[id]} == "$job " ]] || hand_on "$id"
      stop "$id"
      if [[ ${waiting[id]} == yes ]]; then
        ((left = 0))
        return
      elif [[ $job != */0 ]]; then
        report "$position" "${job#*/}" $((now - since[id])) timeout
      elif [[ ${addresses[position]} == - ]]; then
        give_up_on_name "$position"
      else
        report "$position" 1 $((now - since[id])) timeout
        for ((attempt = pending[position]; attempt <= attempts; attempt++)); do launch "$position/$attempt"; done
        unset "pending[$position]"
      fi
      continue
    fi
    remind "$limit"
    if [[ ${jobs[id]} != "$job " && ${waiting[id]} == no ]]; then
      patience=$((since[id] + 120000 + 2 * round_trips[position]))
      if ((now >= patience)); then hand_on "$id" && remind "$now"; else remind "$patience"; fi
    fi
  done
}

begun=${EPOCHREALTIME/./} last_heard=0
hard_limit=$((begun + timeout_us + 400000))
discovering=()
for ((position = 0; position < count; position++)); do
  if [[ ${addresses[position]} == - ]] && ! command -v getent >/dev/null; then
    printf '@missing getent %s\n' "${indices[position]}"
    continue
  fi
  ((left += attempts))
  pending[position]=2
  if [[ ${addresses[position]} == - ]]; then
    # What cannot be resolved ends its prober.
    launch "$position/0"
  else
    discovering+=("$position/0")
  fi
done
for ((i = 0; i < ${#discovering[@]}; i += discoveries)); do launch "${discovering[@]:i:discoveries}"; done

set -f # the lines that come in are split into words and nothing else
while ((left > 0)); do
  now=${EPOCHREALTIME/./}
  # Not for every line: this takes long enough to disturb the timing. And not before everything has been heard: what
  # looks overdue may have been answered.
  if ((now >= due)) && ! read -r -t 0 -u "$bus"; then
    due=0
    stop_overdue
    start_due
    ((left > 0)) || break
  fi
  wait_us=$((due > now ? due - now : 1000))
  printf -v wait_s '%d.%06d' $((wait_us / 1000000)) $((wait_us % 1000000))
  if IFS= read -r -n 1 -t "$wait_s" -u "$bus" first; then
    IFS= read -r -u "$bus" rest
    now=${EPOCHREALTIME/./} last_heard=$now
    # shellcheck disable=SC2086 # words
    heard $first$rest
  fi
done
printf '@end\n'
