// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';

export interface RunLimits {
  /** Aborted, with a Failure as its reason, by SIGINT, SIGTERM or the end of the time. */
  signal: AbortSignal;
  interrupted(): boolean;
  /** Gives signals back their usual effect. */
  dispose(): void;
}

/**
 * Lets a run be ended by SIGINT, SIGTERM or a deadline, so that it can clean up and report. A second signal ends the
 * process at once, as if we had not listened. `timeoutMs` undefined: no deadline.
 */
export function limitRun(timeoutMs: number | undefined): RunLimits {
  const controller = new AbortController();
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
        process.off(name, listener);
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
  const stopListening = (['SIGINT', 'SIGTERM'] as const).map(listen);
  return {
    signal: controller.signal,
    interrupted: () => interrupted,
    dispose: () => {
      clearTimeout(timer);
      for (const stop of stopListening) stop();
    },
  };
}
