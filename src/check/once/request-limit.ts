// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';

/** A signal for one request that no user ends; it aborts with a Failure that says so when the time is up. */
export function requestLimit(limitMs: number): AbortSignal {
  const controller = new AbortController();
  const silent = new Failure('cluster', `no answer within ${limitMs / 1000} s`, { reason: 'DeadlineExceeded' });
  setTimeout(() => controller.abort(silent), limitMs).unref();
  return controller.signal;
}
