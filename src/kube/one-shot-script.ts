// SPDX-License-Identifier: Apache-2.0
import { bounds } from './tool-container-script.js';

/** What is kept of each stream: together less than what a node keeps of a log (kubelet, containerLogMaxSize: 10 Mi). */
const maxStreamBytes = 4 * 1024 * 1024;
/** Of a line; CRI logs split longer ones (16 KiB). */
const maxLineBytes = 16_384;

/**
 * Runs one command whose output is read from the container's log, where both streams are one. `$1` is its limit in
 * seconds, `$2` a word that nothing else prints, the rest the command. Every line of the log begins with what it is:
 * `@` the start, `1` of standard output, `2` of standard error, `!` more than is kept, `=` the exit code, which is the last.
 * Readers stop at the word, because a process that is left behind may keep a stream open. What is left behind ends with
 * process 1, which waits in the background so that TERM ends it at once.
 */
const oneShotScript = `${bounds}
limit=$1
end=$2
shift 2
mark() {
  LC_ALL=C
  left=${maxStreamBytes}
  over=
  while [ -z "$over" ] && { IFS= read -r line || [ -n "$line" ]; }; do
    case $line in
      *"$end")
        over=yes
        line=\${line%"$end"}
        [ -n "$line" ] || break
        ;;
    esac
    [ "$left" -ge 0 ] || continue
    left=$((left - \${#line} - 1))
    if [ "$left" -ge 0 ]; then printf '%s%.${maxLineBytes}s\\n' "$1" "$line"; else echo '!'; fi
  done
}
run() {
  timeout -k 1 "$limit" "$@" </dev/null 3>&- 4>&- 5>&-
  echo "$?" >&5
  echo "$end"
  echo "$end" >&2
}
work() {
  code=$({ { run "$@" 2>&1 >&4 | mark 2 >&3; } 4>&1 | mark 1 >&3; } 5>&1)
  echo "=$code"
}
trap 'exit 143' TERM INT HUP
echo '@'
exec 3>&1
work "$@" &
wait "$!"
`;

/**
 * The command of a container that runs `argv` and ends, for a container's specification: there the kubelet replaces `$(NAME)`
 * and makes `$$` one `$` (k8s.io/kubernetes/third_party/forked/golang/expansion), so every `$` is doubled.
 */
export function oneShotCommand(argv: readonly string[], limitSeconds: number, endWord: string): string[] {
  const limit = String(Math.max(1, Math.ceil(limitSeconds)));
  const words = ['sh', '-c', oneShotScript, 'netmachinery-once', limit, endWord, ...argv];
  return words.map((word) => word.replaceAll('$', '$$$$'));
}

/** What one line of the log says. */
export type OneShotLine =
  | { kind: 'started' | 'truncated' | 'other' }
  | { kind: 'stdout' | 'stderr'; text: string }
  | { kind: 'ended'; exitCode: number };

/** Reads a line of the log of a `oneShotCommand`. */
export function readOneShotLine(line: string): OneShotLine {
  const text = line.slice(1);
  switch (line[0]) {
    case '1':
      return { kind: 'stdout', text };
    case '2':
      return { kind: 'stderr', text };
    case '=':
      return /^\d{1,3}$/.test(text) ? { kind: 'ended', exitCode: Number(text) } : { kind: 'other' };
    case '!':
      return { kind: 'truncated' };
    case '@':
      return { kind: 'started' };
    default:
      return { kind: 'other' };
  }
}
