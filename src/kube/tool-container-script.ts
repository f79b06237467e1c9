// SPDX-License-Identifier: Apache-2.0

/**
 * PID 1 of a tool container, for any POSIX shell. `$1` is how many seconds it stays without work. Work is a file named
 * after the second (epoch) at which it ends at the latest, so that two pieces of work cannot shorten each other's time.
 * Where /tmp cannot be written there are no such files: it ends that many seconds after its start.
 * TERM and INT end it at once, also as PID 1, because it waits in the background; `wait` also reaps what remote commands
 * leave behind.
 */
const idleScript = `
idle=$1
work=/tmp/.netmachinery
child=
trap 'test -z "$child" || kill "$child" 2>/dev/null; exit 0' TERM INT HUP
mkdir -p "$work" 2>/dev/null
end=$(($(date +%s) + idle))
while :; do
  now=$(date +%s)
  for file in "$work"/*; do
    until=\${file##*/}
    case $until in *[!0-9]*) continue ;; esac
    if [ $((until + idle)) -gt "$end" ]; then end=$((until + idle)); fi
    if [ "$until" -lt "$now" ]; then rm -f "$file" 2>/dev/null; fi
  done
  left=$((end - now))
  if [ "$left" -le 0 ]; then exit 0; fi
  if [ "$left" -gt 60 ]; then left=60; fi
  sleep "$left" &
  child=$!
  wait "$child"
done
`;

/** Records the work and runs it under a time limit; `$1` is the limit in seconds, the rest the command. */
const workScript = `
limit=$1
shift
true 2>/dev/null >"/tmp/.netmachinery/$(($(date +%s) + limit))"
exec timeout -k 1 "$limit" "$@"
`;

const idleName = 'netmachinery-idle';
const workName = 'netmachinery-work';

/** The command of a tool container that ends itself after this many seconds without work. */
export function idleCommand(idleSeconds: number): string[] {
  return ['sh', '-c', idleScript, idleName, String(idleSeconds)];
}

/** The idle seconds of a command that `idleCommand` made, or undefined for any other. */
export function idleSecondsOf(command: readonly string[] | undefined): number | undefined {
  const seconds = Number(command?.[4] ?? Number.NaN);
  if (command?.length !== 5 || !Number.isSafeInteger(seconds)) return undefined;
  return idleCommand(seconds).every((word, index) => word === command[index]) ? seconds : undefined;
}

/**
 * A command as it is executed in a tool container: the container stays while it may last, and it ends after
 * `limitSeconds` whether we live or not (TERM, then KILL a second later; exit code 124 or 137, in BusyBox 143).
 */
export function markWork(argv: readonly string[], limitSeconds: number): string[] {
  return ['sh', '-c', workScript, workName, String(Math.max(1, Math.ceil(limitSeconds))), ...argv];
}
