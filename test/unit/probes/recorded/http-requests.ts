// SPDX-License-Identifier: Apache-2.0
import { parseBodyExpectation } from '../../../../src/probes/http-body.js';
import type { HttpRequest, HttpTest } from '../../../../src/probes/http.js';

const request = (tests: Omit<HttpTest, 'index'>[], more: Partial<HttpRequest> = {}): HttpRequest => ({
  tests: tests.map((test, index) => ({ index, ...test })),
  message: { headers: [['Authorization', 'Bearer not-to-be-seen']] },
  attempts: 1,
  connectTimeoutMs: 1000,
  timeoutMs: 2000,
  http2: false,
  insecure: false,
  redirects: 0,
  useProxy: false,
  expect: {},
  leash: true,
  ...more,
});

/** What was asked for in the test cluster, by the name of the recording. */
export const httpRequests = {
  answers: request([{ url: 'http://api.shop.svc.cluster.local/path', family: 4 }, { url: 'http://web.shop.svc/', family: 6 }], {
    attempts: 2,
    expect: { body: parseBodyExpectation('pod=') },
  }),
  insecure: request([{ url: 'https://web.shop.svc/', family: 4 }], { insecure: true, http2: true }),
  failures: request([
    { url: 'http://outside.example:81/', family: 4 },
    { url: 'http://nosuch.example/', family: 4 },
    { url: 'https://web.shop.svc/', family: 4 },
    { url: 'https://api.shop.svc:80/', family: 4 },
    { url: 'http://web.shop.svc:443/', family: 4 },
    { url: 'http://198.18.9.9/' },
  ]),
};
