// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Admission } from '../../../../src/agents/webhook/admit.js';
import { answerReview } from '../../../../src/agents/webhook/answer.js';
import { WebhookMetrics } from '../../../../src/agents/webhook/metrics.js';
import { review } from './reviews.js';

const body = JSON.stringify(review({}));

async function answered(text: string, admission: () => Admission) {
  const metrics = new WebhookMetrics();
  const lines: string[] = [];
  const answer = answerReview(text, admission, metrics, (line) => lines.push(line));
  const counted = (await metrics.text())
    .split('\n')
    .filter((line) => /^netmachinery_webhook_admissions.* 1$/.test(line));
  return { answer, lines, counted };
}

test('a warning is answered, logged and counted', async () => {
  const { answer, lines, counted } = await answered(body, () => ({
    outcome: 'refused',
    patch: [],
    warnings: ['a port is taken'],
  }));
  expect(answer).toMatchObject({ status: 200, type: 'application/json' });
  expect(JSON.parse(answer.text)).toMatchObject({
    response: { uid: 'u-1', allowed: true, warnings: ['a port is taken'] },
  });
  expect(lines).toEqual(['pod of namespace shop: a port is taken']);
  expect(counted).toEqual(['netmachinery_webhook_admissions_total{outcome="refused"} 1']);
});

test('an error of ours denies nothing', async () => {
  const { answer, counted } = await answered(body, () => {
    throw new Error('ours');
  });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toMatchObject({
    response: { uid: 'u-1', allowed: true, warnings: ['netmachinery: no prober was added: ours'] },
  });
  expect(counted).toEqual(['netmachinery_webhook_admissions_total{outcome="failed"} 1']);
});

test('what is no review is 400', async () => {
  const { answer, counted } = await answered('{}', () => {
    throw new Error('not reached');
  });
  expect(answer).toEqual({
    status: 400,
    type: 'text/plain; charset=utf-8',
    text: 'the body must be an AdmissionReview of admission.k8s.io/v1\n',
  });
  expect(counted).toEqual(['netmachinery_webhook_admissions_total{outcome="malformed"} 1']);
});
