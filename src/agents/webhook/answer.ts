// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../../errors/failure.js';
import type { Admission } from './admit.js';
import { allowingReview, readReview, type AdmissionRequest } from './admission-review.js';
import type { Answer } from './https-listener.js';
import type { WebhookMetrics } from './metrics.js';

/**
 * The answer to the body of a review, counted. Only what is no review is refused (400): an error of ours allows the pod,
 * and says so.
 */
export function answerReview(
  body: string,
  admission: (request: AdmissionRequest) => Admission,
  metrics: WebhookMetrics,
  log: (line: string) => void,
): Answer {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  let request: AdmissionRequest;
  try {
    request = readReview(body);
  } catch (thrown) {
    metrics.admitted('malformed', seconds());
    return { status: 400, type: 'text/plain; charset=utf-8', text: `${asFailure(thrown).message}\n` };
  }
  const { outcome, patch, warnings } = admitted(request, admission);
  for (const warning of warnings) log(`pod of namespace ${request.namespace}: ${warning}`);
  metrics.admitted(outcome, seconds());
  const text = JSON.stringify(allowingReview(request.uid, { patch, warnings }));
  return { status: 200, type: 'application/json', text };
}

function admitted(request: AdmissionRequest, admission: (request: AdmissionRequest) => Admission): Admission {
  try {
    return admission(request);
  } catch (thrown) {
    const warnings = [`netmachinery: no prober was added: ${asFailure(thrown).message}`];
    return { outcome: 'failed', patch: [], warnings };
  }
}
