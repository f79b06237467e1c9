// SPDX-License-Identifier: Apache-2.0
import type { DnsQuery, DnsRequest } from '../../../../src/probes/dns.js';

const server = '198.18.0.10';
const query = (index: number, name: string, more: Partial<DnsQuery> = {}): DnsQuery => ({
  index,
  name,
  type: 'A',
  names: [`${name}.shop.svc.cluster.local.`, `${name}.svc.cluster.local.`, `${name}.cluster.local.`, `${name}.`],
  ownFirst: false,
  server,
  port: 53,
  ...more,
});
const request = (queries: DnsQuery[], more: Partial<DnsRequest> = {}): DnsRequest => ({
  queries,
  attempts: 2,
  timeoutMs: 1000,
  tcp: false,
  expect: {},
  leash: true,
  ...more,
});

/** What was asked in the test cluster, by the name of the recording. */
export const dnsRequests = {
  answers: request([
    query(0, 'api'),
    query(1, 'outside.example'),
    query(2, 'outside.example', { type: 'AAAA' }),
    query(3, '198.18.0.1', { type: 'PTR', names: ['1.0.18.198.in-addr.arpa.'] }),
    query(4, '_http._tcp.web-headless', { type: 'SRV' }),
    query(5, 'nosuch'),
    query(6, 'only-ipv4.example', { type: 'AAAA' }),
  ]),
  failures: request([
    query(0, 'api', { server: '198.18.9.9' }),
    query(1, 'api', { port: 54 }),
    query(2, 'api', { server: '2001:2:0:1801::1' }),
  ]),
  tcp: request([query(0, 'api'), query(1, 'api', { port: 54 }), query(2, 'api', { server: '198.18.9.9' })], { tcp: true }),
};
