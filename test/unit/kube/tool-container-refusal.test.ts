// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { failureOfAnswer } from '../../../src/kube/api-failure.js';
import type { Pod } from '../../../src/kube/objects.js';
import { podSecurityDenial } from '../../../src/kube/tool-container-pod-security.js';
import { isNameTaken, patchFailure } from '../../../src/kube/tool-container-refusal.js';

const pod: Pod = { metadata: { namespace: 'shop', name: 'web-1' }, spec: { containers: [] } };

/** What an API server of 1.34 answers to a patch, as a Failure. */
const answered = (code: number, message: string, details: object = {}) =>
  failureOfAnswer(
    code,
    JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, details, code }),
  );

describe('a refused patch', () => {
  test('of a subresource that the server does not know is a server without ephemeral containers', () => {
    expect(patchFailure(answered(404, 'the server could not find the requested resource'), pod)).toMatchObject({
      code: 'unsupported',
      reason: 'EphemeralContainersUnavailable',
      hint: expect.stringContaining('-c NAME') as string,
    });
  });

  test('of a pod that is not there is a pod that went away', () => {
    const details = { name: 'web-1', kind: 'pods' };
    expect(patchFailure(answered(404, 'pods "web-1" not found', details), pod)).toMatchObject({
      code: 'notFound',
      reason: 'SourceVanished',
      message: 'pod shop/web-1 is gone',
    });
  });

  test.each([
    [403, "pods \"web-1\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no ticket"],
    [400, 'admission webhook "validate.kyverno.svc-fail" denied the request: no ticket'],
  ])('by a policy of the cluster (%d) is no missing permission', (code, message) => {
    expect(patchFailure(answered(code, message), pod)).toMatchObject({
      code: 'forbidden',
      message,
      hint: expect.stringContaining('a policy of the cluster') as string,
    });
  });

  test('for a missing permission names it', () => {
    const message =
      'pods "web-1" is forbidden: User "jane" cannot patch resource "pods/ephemeralcontainers" in API group "" in the namespace "shop"';
    expect(patchFailure(answered(403, message), pod)).toMatchObject({
      code: 'forbidden',
      message,
      hint: expect.stringContaining('patch of pods/ephemeralcontainers in namespace shop') as string,
    });
  });
});

test('PodSecurity says level and controls', () => {
  const controls = 'host namespaces (hostNetwork=true)';
  const message = `pods "web-1" is forbidden: violates PodSecurity "baseline:v1.34": ${controls}`;
  expect(podSecurityDenial(answered(403, message))).toEqual({ level: 'baseline:v1.34', controls });
  expect(podSecurityDenial(answered(403, 'pods "web-1" is forbidden'))).toBeUndefined();
});

test.each([
  [
    true,
    { reason: 'FieldValueDuplicate', message: 'Duplicate value: "main"', field: 'spec.ephemeralContainers[0].name' },
  ],
  [
    true,
    {
      reason: 'FieldValueForbidden',
      message: 'Forbidden: existing ephemeral containers "e1" may not be changed\n@@ -2,7 +2,7 @@',
      field: 'spec.ephemeralContainers',
    },
  ],
  [
    false,
    {
      reason: 'FieldValueNotSupported',
      message: 'Unsupported value: "Frob": supported values: "Always", "IfNotPresent", "Never"',
      field: 'spec.ephemeralContainers[0].imagePullPolicy',
    },
  ],
  [false, { message: "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no ticket" }],
])('a name that is taken (%s) is told apart from other 422s: %j', (taken, cause) => {
  expect(isNameTaken(answered(422, cause.message, { name: 'p', causes: [cause] }))).toBe(taken);
});
