// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { proxyFor } from '../../../src/kube/proxy.js';

const proxy = 'http://proxy.example:3128';
const other = 'http://other.example:3128';
const chosen = (server: string, environment: NodeJS.ProcessEnv, proxyUrl?: string) =>
  proxyFor(new URL(server), proxyUrl, environment);

test('by scheme, upper case first, the kubeconfig before all', () => {
  expect(chosen('https://api.example', {})).toBeUndefined();
  expect(chosen('https://api.example', { HTTPS_PROXY: proxy, https_proxy: other })).toBe(proxy);
  expect(chosen('https://api.example', { https_proxy: other })).toBe(other);
  expect(chosen('https://api.example', { HTTP_PROXY: proxy })).toBeUndefined();
  expect(chosen('http://api.example', { HTTP_PROXY: proxy })).toBe(proxy);
  expect(chosen('https://api.example', { HTTPS_PROXY: proxy, NO_PROXY: '*' }, other)).toBe(other);
});

test.each(['https://localhost:6443', 'https://127.0.0.1:6443', 'https://[::1]:6443'])('%s never', (server) => {
  expect(chosen(server, { HTTPS_PROXY: proxy })).toBeUndefined();
});

describe('NO_PROXY', () => {
  // As golang.org/x/net/http/httpproxy documents and tests it.
  test.each([
    ['https://api.example', 'api.example', false],
    ['https://api.example', 'example', false],
    ['https://API.example', 'Example', false],
    ['https://example', 'example', false],
    ['https://example', '.example', true],
    ['https://api.example', '.example', false],
    ['https://api.example', '*.example', false],
    ['https://notexample', 'example', true],
    ['https://api.example', 'a.b, ,api.example', false],
    ['https://api.example:6443', 'api.example:6443', false],
    ['https://api.example:6443', 'api.example:443', true],
    ['https://api.example', 'api.example:443', false],
    ['https://198.18.0.1:6443', '198.18.0.0/15', false],
    ['https://198.20.0.1:6443', '198.18.0.0/15', true],
    ['https://198.18.0.1:6443', '198.18.0.1', false],
    ['https://198.18.0.1:6443', '198.18.0.1:6443', false],
    ['https://198.18.0.11', '198.18.0.1', true],
    ['https://[2001:2::1]:6443', '2001:2::/48', false],
    ['https://[2001:2::1]:6443', '2001:2::1', false],
    ['https://[2001:3::1]:6443', '2001:2::/48', true],
    ['https://198.18.0.1', '198.18.0.0/99', true],
    ['https://api.example', '*', false],
    ['https://api.example', '', true],
  ])('%s with %s', (server, noProxy, proxied) => {
    expect(chosen(server, { HTTPS_PROXY: proxy, NO_PROXY: noProxy })).toBe(proxied ? proxy : undefined);
  });
});
