// SPDX-License-Identifier: Apache-2.0
import { setMaxListeners } from 'node:events';
import { readFileSync, writeSync } from 'node:fs';
import { Failure } from '../errors/failure.js';

/** The last words of a command that shapes, when it is ended at once. */
export const shapesNotCleared =
  'not cleared: a shape that has begun ends by itself when its time is over, or now with: kubectl netmachinery shape clear';

export interface RunLimits {
  /** Aborted, with a Failure as its reason, by SIGINT, SIGTERM, SIGHUP or the end of the time. */
  signal: AbortSignal;
  interrupted(): boolean;
  /** Gives signals back their usual effect. */
  dispose(): void;
}

/** Under nohup(1) a terminal that closes is to be outlived. Only Linux tells (SigIgn of proc(5)); Node.js has undone it by now. */
function ignoresHangup(): boolean {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
    return (BigInt(`0x${mask}`) & 1n) === 1n;
  } catch {
    return false;
  }
}

/**
 * Lets a run be ended by SIGINT, SIGTERM, SIGHUP or a deadline, so that it can clean up and report. A second one but
 * SIGHUP ends the process at once, as if we had not listened; `lastWords` is said before, of what may be left then. `timeoutMs` undefined:
 * no deadline.
 */
export function limitRun(timeoutMs: number | undefined, lastWords?: string): RunLimits {
  const controller = new AbortController();
  // Every request and exec of a run listens; Node.js takes more than ten for a leak, and says so on stderr.
  setMaxListeners(0, controller.signal);
  let interrupted = false;
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          controller.abort(
            new Failure('tool', 'the run did not end in time', {
              reason: 'DeadlineExceeded',
              hint: 'give it more time with --timeout, or fewer tests',
            }),
          );
        }, timeoutMs);
  const listen = (name: NodeJS.Signals) => {
    const listener = () => {
      if (interrupted) {
        // A terminal that closes says so twice: the kernel does, and the shell in it. Nobody is impatient there.
        if (name === 'SIGHUP') return;
        process.off(name, listener);
        if (lastWords !== undefined) writeSync(process.stderr.fd, `${lastWords}\n`);
        process.kill(process.pid, name);
        return;
      }
      interrupted = true;
      // The terminal has just printed ^C.
      if (process.stderr.isTTY) process.stderr.write('\n');
      controller.abort(new Failure('interrupted', 'interrupted', { reason: 'Interrupted' }));
    };
    process.on(name, listener);
    return () => process.off(name, listener);
  };
  const signals: NodeJS.Signals[] = ignoresHangup() ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const stopListening = signals.map(listen);
  return {
    signal: controller.signal,
    interrupted: () => interrupted,
    dispose: () => {
      clearTimeout(timer);
      for (const stop of stopListening) stop();
    },
  };
}
