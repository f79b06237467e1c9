// SPDX-License-Identifier: Apache-2.0

/** What `endCommand` exits with where somebody works in the tool container. */
export const busyExitCode = 75;

/** Where a tool container keeps what is at work in it, and the process that `endCommand` ends. */
const workDirectory = '/tmp/.netmachinery';

/** When memory runs out ours end before anything of the pod (proc(5), oom_score_adj: everybody may raise their own). */
const firstToEnd = `
{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null
`;

/**
 * What one process of ours may take from the user's pod (setrlimit(2)), and their number by user, which the kernel does not
 * apply to root; figures and measurements are in docs/pitfalls.md. A limit that cannot be set is lower already. `-p` is the
 * number of processes in dash and BusyBox, and something else in bash, which refuses it.
 */
const limits = `
ulimit -c 0 2>/dev/null
ulimit -f 32768 2>/dev/null
ulimit -v 524288 2>/dev/null
ulimit -p 1024 2>/dev/null || ulimit -u 1024 2>/dev/null
`;

export const bounds = firstToEnd + limits;

/** How long what is at work has to end itself when its container is told to end, in s. */
const farewellSeconds = 10;

/**
 * PID 1 of a tool container, for any POSIX shell. `$1` is how many seconds it stays without work; `$2` is `spared` where
 * something in it has to be undone before it may end, so that it is not the first to end when memory runs out. Work is a
 * file named after the second of /proc/uptime (which no clock jump changes) at which it ends at the latest and its process,
 * `4711.23`. Where /tmp cannot be written there are no such files: it ends that many seconds after its start.
 * Its own process is read from /proc: the kubelet makes one dollar sign of two in a command.
 * TERM and INT end it, also as PID 1, because it waits in the background: at once, or where something has to be undone as
 * soon as what is at work has ended, which is told to (the kernel would kill it with PID 1). A process of another cgroup has got the number of one that ended,
 * in a pod that shares its processes. `wait` also reaps what remote commands leave behind.
 */
const idleScript = `
[ "\${2-}" = spared ] || ${firstToEnd.trim()}
${limits}
idle=$1
work=${workDirectory}
child=
at_work() {
  for file in "$work"/[0-9]*.[0-9]*; do
    process=\${file##*.}
    [ "$(cat "/proc/$process/cgroup")" = "$(cat /proc/self/cgroup)" ] && echo "$process"
  done
} 2>/dev/null
end() {
  trap '' TERM INT HUP
  test -z "$child" || kill "$child" 2>/dev/null
  [ "\${2-}" = spared ] || exit 0
  for process in $(at_work); do kill "$process" 2>/dev/null; done
  read -r now _ </proc/uptime
  last=$((\${now%%.*} + ${farewellSeconds}))
  while [ -n "$(at_work)" ] && [ "\${now%%.*}" -lt "$last" ]; do
    sleep 0.1 2>/dev/null || sleep 1
    read -r now _ </proc/uptime
  done
  exit 0
}
trap 'end "$@"' TERM INT HUP
mkdir -p "$work" 2>/dev/null
read -r self _ </proc/self/stat
true 2>/dev/null >"$work/idle" && echo "$self" >"$work/idle"
read -r now _ </proc/uptime
last=\${now%%.*}
while :; do
  read -r now _ </proc/uptime
  now=\${now%%.*}
  for file in "$work"/[0-9]*.[0-9]*; do
    test -e "$file" || continue
    name=\${file##*/}
    last=$now
    if test "\${name%%.*}" -lt "$now" || ! test -d "/proc/\${name#*.}"; then rm -f "$file" 2>/dev/null; fi
  done
  left=$((last + idle - now))
  if [ "$left" -le 0 ]; then exit 0; fi
  if [ "$left" -gt 60 ]; then left=60; fi
  sleep "$left" &
  child=$!
  wait "$child"
done
`;

/** Records the work and runs it within the bounds and under a time limit; `$1` is the limit in seconds, the rest the command. */
const workScript = `${bounds}
limit=$1
shift
read -r now _ </proc/uptime
true 2>/dev/null >"${workDirectory}/$((\${now%%.*} + limit)).$$"
exec timeout -k 1 "$limit" "$@"
`;

/** Ends the idle process of its container, unless `$1` is `unlessBusy` and something is at work there. */
const endScript = `
read -r now _ </proc/uptime
if [ "$1" = unlessBusy ]; then
  for file in ${workDirectory}/[0-9]*.[0-9]*; do
    name=\${file##*/}
    if test -d "/proc/\${name#*.}" && test "\${name%%.*}" -ge "\${now%%.*}"; then exit ${busyExitCode}; fi
  done
fi
pid=1
read -r pid 2>/dev/null <${workDirectory}/idle
kill "$pid"
`;

const idleName = 'netmachinery-idle';
const workName = 'netmachinery-work';

/** Ends the tool container that it is executed in; with `unlessBusy` it exits with `busyExitCode` where tests run in it. */
export function endCommand(unlessBusy: boolean): string[] {
  return ['sh', '-c', endScript, 'netmachinery-end', unlessBusy ? 'unlessBusy' : 'force'];
}

/** The command of a tool container that ends itself after this many seconds without work; `spared`: see idleScript. */
export function idleCommand(idleSeconds: number, spared = false): string[] {
  return ['sh', '-c', idleScript, idleName, String(idleSeconds), ...(spared ? ['spared'] : [])];
}

/** Whether a command is one that idles, be it of another release. */
export function isIdleCommand(command: readonly string[] | undefined): boolean {
  return command?.[3] === idleName;
}

/** The idle seconds of a command that `idleCommand` made, or undefined for any other. */
export function idleSecondsOf(command: readonly string[] | undefined): number | undefined {
  const seconds = Number(command?.[4] ?? Number.NaN);
  if (command === undefined || !Number.isSafeInteger(seconds)) return undefined;
  const same = idleCommand(seconds, command.length === 6);
  return same.length === command.length && same.every((word, index) => word === command[index]) ? seconds : undefined;
}

/**
 * A command as it is executed in a tool container: the container stays while it may last, and it ends after
 * `limitSeconds` whether we live or not (TERM, then KILL a second later; exit code 124 or 137, in BusyBox 143).
 */
export function markWork(argv: readonly string[], limitSeconds: number): string[] {
  return ['sh', '-c', workScript, workName, String(Math.max(1, Math.ceil(limitSeconds))), ...argv];
}
