// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Result, ResultDestination } from '../../../src/model/report.js';
import { podStem } from '../../../src/report/pod-stem.js';
import { testName, uniqueTestNames } from '../../../src/report/test-name.js';
import { connectFromOne, ping, reportOf, web0 } from './sample-reports.js';

describe('the stem of a name', () => {
  it.each([
    ['web-845ddc48dd-rxlk5', 'web'],
    ['my-web-7d9c6b5f84-x2kqp', 'my-web'],
    ['agent-x2kqp', 'agent'],
    ['backup-29103210-x2kqp', 'backup'],
    ['db-0', 'db-0'],
    ['web', 'web'],
    // Vowels, and digits that Kubernetes leaves out.
    ['web-proxy', 'web-proxy'],
    ['api-v1alp', 'api-v1alp'],
    ['x2kqp', 'x2kqp'],
    ['', ''],
  ])('of %s is %s', (name, stem) => expect(podStem(name)).toBe(stem));
});

const nameOf = (destination: ResultDestination, rest: Partial<Result> = {}) =>
  reportOf('ping', [ping(web0, destination, 1, rest)]).results.map(testName)[0];

describe('the name of a test', () => {
  it('says what was asked for, and no address or made-up name', () => {
    expect(connectFromOne.results.map(testName)).toEqual([
      'tcp shop/web-0 to svc/api:80',
      'tcp shop/web-0 to svc/api:80 endpoint api:8080',
      'tcp shop/web-0 to svc/api:80 endpoint api:8080',
      'tcp shop/web-0 to db/pod/db-0:5432',
    ]);
    const replica = { ref: 'deploy/web', kind: 'pod', address: '198.19.0.9' } as const;
    expect(nameOf({ ...replica, name: 'web-6d5f9c7b4-bbbbb' })).toBe('icmp shop/web-0 to deploy/web pod web');
    expect(nameOf({ ref: 'host/no.such', kind: 'host', name: 'no.such', address: '' })).toBe(
      'icmp shop/web-0 to host/no.such',
    );
  });

  it('tells apart what a reference does not', () => {
    const service = { ref: 'svc/api', kind: 'service', name: 'api', address: '198.18.1.1' } as const;
    expect(nameOf({ ...service, port: 80, protocol: 'tcp' })).toBe('icmp shop/web-0 to svc/api port 80');
    expect(nameOf({ ...service, address: '2001:2::1' })).toBe('icmp shop/web-0 to svc/api over IPv6');
    expect(nameOf({ ...service, address: '' })).toBe('icmp shop/web-0 to svc/api endpoints');
    expect(nameOf({ ref: '[2001:2::1]:80', kind: 'ip', address: '2001:2::1', port: 80 })).toBe(
      'icmp shop/web-0 to [2001:2::1]:80',
    );
    expect(nameOf(service, { expect: 'deny' })).toBe('icmp shop/web-0 to svc/api denied');
    expect(nameOf(service, { test: 'api answers', suite: 'shop' })).toBe('api answers: icmp shop/web-0 to svc/api');
    const dns = { name: 'api.shop', type: 'A', queried: 'api.shop.svc', queries: 1, answers: [] };
    expect(nameOf(service, { probe: 'dns', dns })).toBe('dns shop/web-0 to svc/api A api.shop');
    const server = { ref: 'api.shop A', kind: 'service', name: 'kube-dns', address: '198.18.0.10', port: 53 } as const;
    expect(nameOf({ ...server, protocol: 'udp' }, { probe: 'dns', dns })).toBe(
      'dns shop/web-0 to api.shop A service kube-dns',
    );
    expect(nameOf({ ref: 'api.shop A', kind: 'ip', address: '198.18.0.10' }, { probe: 'dns', dns })).toBe(
      'dns shop/web-0 to api.shop A address 198.18.0.10',
    );
    const http = { url: 'http://api/x', method: 'GET' };
    expect(nameOf(service, { probe: 'http', http })).toBe('http shop/web-0 to svc/api GET http://api/x');
  });

  it('is numbered where it is not the only one, whatever others are called', () => {
    const called = (ref: string) => ping(web0, { ref, kind: 'ip', address: ref }, 1);
    const { results } = reportOf('ping', ['x (2)', 'x', 'x', 'x'].map(called));
    expect(uniqueTestNames(results)).toEqual(
      ['x (2)', 'x', 'x (3)', 'x (4)'].map((name) => `icmp shop/web-0 to ${name}`),
    );
  });
});
