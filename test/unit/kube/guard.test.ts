// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { Guard, untilAborted, untilCut } from '../../../src/kube/guard.js';

const endless = new Promise<never>(() => undefined);

it('waits for work, but not beyond what a guard allows', async () => {
  await expect(untilCut(Promise.resolve(1), new Guard({ totalMs: 60_000 }))).resolves.toBe(1);
  await expect(untilCut(endless, new Guard({ totalMs: 1 }))).rejects.toMatchObject({ reason: 'DeadlineExceeded' });
});

it('waits for work, but not beyond a signal, whatever becomes of the work', async () => {
  const abort = new AbortController();
  await expect(untilAborted(Promise.reject(new Failure('cluster', 'lost')), abort.signal)).rejects.toThrow('lost');
  const waiting = untilAborted(endless, abort.signal);
  abort.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
  await expect(untilAborted(endless, abort.signal)).rejects.toMatchObject({ code: 'interrupted' });
});
