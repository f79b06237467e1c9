// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowingReview, readReview } from '../../../../src/agents/webhook/admission-review.js';
import { asFailure } from '../../../../src/errors/failure.js';
import { review } from './reviews.js';

const read = (change: object) => readReview(JSON.stringify(review(change)));

describe('readReview', () => {
  it('reads what the API server sends for a pod', () => {
    const { uid, namespace, pod } = read({});
    expect({ uid, namespace }).toEqual({ uid: 'u-1', namespace: 'shop' });
    expect(pod).toMatchObject({ kind: 'Pod', metadata: { generateName: 'web-' } });
  });

  it('finds no pod in what is not the creation of one', () => {
    for (const change of [
      { operation: 'UPDATE' },
      { subResource: 'ephemeralcontainers' },
      { resource: { group: 'apps', version: 'v1', resource: 'deployments' } },
    ]) {
      expect(read(change).pod).toBeUndefined();
    }
  });

  it('says what is wrong', () => {
    const words = (text: string): string => {
      try {
        readReview(text);
      } catch (thrown) {
        return asFailure(thrown).message;
      }
      return 'nothing';
    };
    const wrong = (change: object): string => words(JSON.stringify(review(change)));
    expect(words('{')).toBe('the body is not JSON');
    expect(words('[]')).toBe('the body must be an AdmissionReview of admission.k8s.io/v1');
    expect(words(JSON.stringify({ ...review({}), apiVersion: 'admission.k8s.io/v1beta1' }))).toMatch(/must be an/);
    expect(words(JSON.stringify({ ...review({}), request: undefined }))).toMatch(/no request/);
    expect(wrong({ uid: undefined })).toMatch(/no uid/);
    expect(wrong({ operation: 1 })).toMatch(/no operation/);
    expect(wrong({ resource: 'pods' })).toMatch(/no resource/);
    expect(wrong({ namespace: '' })).toMatch(/no namespace/);
    expect(wrong({ object: null })).toMatch(/is no pod/);
    expect(wrong({ object: { metadata: {} } })).toMatch(/is no pod/);
  });

  it('throws nothing but usage, whatever it gets', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .dictionary(fc.constantFrom('uid', 'operation', 'resource', 'namespace', 'object'), fc.jsonValue())
        .map((one) => JSON.stringify(review(one))),
    );
    fc.assert(
      fc.property(anything, (text) => {
        try {
          expect(readReview(text).uid).not.toBe('');
        } catch (thrown) {
          expect(asFailure(thrown).code).toBe('usage');
        }
      }),
    );
  });
});

describe('allowingReview', () => {
  it('has a patch and warnings only where there are some', () => {
    const head = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' };
    expect(allowingReview('u', {})).toEqual({ ...head, response: { uid: 'u', allowed: true } });
    const patch = [{ op: 'add' as const, path: '/a', value: 'ü' }];
    const base64 = Buffer.from('[{"op":"add","path":"/a","value":"ü"}]').toString('base64');
    expect(allowingReview('u', { patch, warnings: ['one\r\n two'] })).toEqual({
      ...head,
      response: { uid: 'u', allowed: true, patchType: 'JSONPatch', patch: base64, warnings: ['one  two'] },
    });
  });

  it('cuts warnings at 256 characters', () => {
    expect(allowingReview('u', { warnings: ['x'.repeat(300)] })).toMatchObject({
      response: { warnings: [`${'x'.repeat(253)}...`] },
    });
  });
});
