// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { EntryChoice } from './tool.js';

/** A missing permission, with the ways that do without it in its hint, but for the one that was chosen (`by`) already. */
export function offerAnotherWay(thrown: unknown, by: EntryChoice['by']): unknown {
  if (!(thrown instanceof Failure) || thrown.code !== 'forbidden') return thrown;
  const { message, hint, remedy, status, reason } = thrown;
  const needsPatch = message.includes('pods/ephemeralcontainers');
  const ways = [
    ...(needsPatch ? ['-c NAME adds nothing to the pod'] : []),
    ...(needsPatch && by !== 'probePod' ? ['--probe-pod creates a pod that is like it'] : []),
    ...(!needsPatch && message.includes('pods/exec') ? ['--no-exec reads the tests from a log instead'] : []),
  ];
  if (ways.length === 0) return thrown;
  const words = [...(hint === undefined ? [] : [hint]), ...ways].join('; ');
  return new Failure('forbidden', message, { hint: words, remedy, status, reason, cause: thrown.cause });
}
