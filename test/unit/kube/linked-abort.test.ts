// SPDX-License-Identifier: Apache-2.0
import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { abortWith } from '../../../src/kube/linked-abort.js';

test('a controller aborts with a signal, for the same reason, until that is ended', () => {
  const [source, linked, unlinked] = [new AbortController(), new AbortController(), new AbortController()];
  abortWith(linked, source.signal);
  abortWith(unlinked, source.signal)();
  expect(getEventListeners(source.signal, 'abort')).toHaveLength(1);
  const reason = new Error('over');
  source.abort(reason);
  expect(linked.signal.reason).toBe(reason);
  expect(unlinked.signal.aborted).toBe(false);
});

test('a signal that has aborted already aborts it at once', () => {
  const controller = new AbortController();
  abortWith(controller, AbortSignal.abort());
  expect(controller.signal.aborted).toBe(true);
});
