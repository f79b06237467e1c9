// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { failureOfAnswer } from '../../../src/kube/api-failure.js';
import { connectionFailure } from '../../../src/kube/connection-failure.js';

describe('answers that say no', () => {
  // Bodies as API servers and what stands before them send them.
  test.each([
    [
      404,
      '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \\"x\\" not found","reason":"NotFound","details":{"name":"x","kind":"pods"},"code":404}',
      'notFound',
      'pods "x" not found',
    ],
    [404, '404 page not found\n', 'notFound', 'the server could not find the requested resource'],
    [
      401,
      '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}',
      'forbidden',
      'You must be logged in to the server (Unauthorized)',
    ],
    [403, 'Forbidden by proxy', 'forbidden', 'Forbidden by proxy'],
    [418, '<html><body>teapot</body></html>', 'cluster', 'the server answered 418'],
    [502, '', 'cluster', 'the server is currently unable to handle the request (bad gateway)'],
    [500, '{"message":"not a Status"}', 'cluster', '{"message":"not a Status"}'],
  ])('%d %s', (status, body, code, message) => {
    expect(failureOfAnswer(status, body)).toMatchObject({ code, message, status });
  });
});

describe('hints', () => {
  test.each([
    [401, 'Unauthorized', /expired or are wrong: kubectl auth whoami/],
    [401, '{"kind":"Status","status":"Failure","message":"Unauthorized","code":401}', /kubectl auth whoami/],
    [400, 'Client sent an HTTP request to an HTTPS server.\n', /begin with https:\/\//],
  ])('%d %s', (status, body, hint) => {
    expect(failureOfAnswer(status, body).hint).toMatch(hint);
  });
});

describe('no connection', () => {
  test.each([
    ['ECONNREFUSED', 'The connection to the server a:1 was refused - did you specify the right host or port?'],
    ['ENOTFOUND', 'Unable to connect to the server: dial tcp: lookup a: no such host'],
    ['EHOSTUNREACH', 'Unable to connect to the server: no route to host'],
    ['ECONNRESET', 'the connection to the server a:1 was lost'],
    ['CERT_HAS_EXPIRED', 'Unable to connect to the server: tls: failed to verify certificate: certificate has expired'],
  ])('%s', (code, message) => {
    const failure = connectionFailure(Object.assign(new Error('in words'), { code }), 'a:1');
    expect(failure).toMatchObject({ code: 'cluster', message });
  });

  test('to any address of a name', () => {
    const errors = ['::1', '127.0.0.1'].map((address) => Object.assign(new Error(address), { code: 'ECONNREFUSED' }));
    expect(connectionFailure(new AggregateError(errors), 'a:1').reason).toBe('ConnectionRefused');
  });
});
