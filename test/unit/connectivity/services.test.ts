// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { checkReport } from '../../../src/connectivity/check-report.js';
import { retold, simulated } from './simulated-cluster.js';

const shape = { nodes: 2, externalName: 'example.com.', urls: ['http://198.18.1.30/'] };

describe('services', () => {
  it('are everything beside agents, each in words of its own', () => {
    const { services } = checkReport(simulated(shape));
    expect(services.map(({ label }) => label)).toMatchInlineSnapshot(`
      [
        "server by name netmachinery-check-server.netmachinery-check.svc",
        "server 198.18.255.20 (virtual address)",
        "server 198.18.1.9 (netmachinery-check-server-a on node1)",
        "server 198.18.2.9 (netmachinery-check-server-b on node2)",
        "API server by name kubernetes.default.svc",
        "API server 198.18.255.1 (virtual address)",
        "API server 198.19.0.1 (endpoint)",
        "DNS 198.18.255.10 (virtual address)",
        "DNS 198.18.1.5 (coredns-a on node1)",
        "DNS 198.18.2.6 (coredns-b on node2)",
        "external name example.com. by DNS 198.18.255.10 (virtual address)",
        "external name example.com. by DNS 198.18.1.5 (coredns-a on node1)",
        "external name example.com. by DNS 198.18.2.6 (coredns-b on node2)",
        "URL http://198.18.1.30/",
      ]
    `);
    expect(new Set(services.map(({ verdict }) => verdict))).toEqual(new Set(['pass']));
  });

  it('are what all agents found together, with the nodes from which they failed', () => {
    const input = retold(simulated(shape), ({ via, kind, pod }, { node, network }) => {
      if (kind === 'api' && via === 'virtual' && node === 'node2') return { values: { tcp: 'timeout' } };
      return pod === 'coredns-b' && kind === 'dns' ? { values: { dns: network === 'pod' ? 1.5 : 4 } } : {};
    });
    const { services } = checkReport(input);
    expect(services.find(({ label }) => label === 'API server 198.18.255.1 (virtual address)')).toEqual({
      kind: 'api',
      label: 'API server 198.18.255.1 (virtual address)',
      verdict: 'fail',
      sent: 4,
      failed: 2,
      failedFrom: ['node2'],
      p50Ms: 0.4,
      maxMs: 0.4,
    });
    expect(services.find(({ label }) => label === 'DNS 198.18.2.6 (coredns-b on node2)')).toMatchObject({
      verdict: 'pass',
      failedFrom: [],
      p50Ms: 1.5,
      maxMs: 4,
    });
  });

  it('are unsupported where no agent can ask', () => {
    const input = retold(simulated({ nodes: 1 }), ({ kind }) =>
      kind === 'dns' ? { values: { dns: 'unsupported' } } : {},
    );
    const ofDns = checkReport(input).services.filter(({ kind }) => kind === 'dns');
    expect(new Set(ofDns.map(({ verdict, sent }) => `${verdict} ${sent}`))).toEqual(new Set(['unsupported 0']));
  });
});
