// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { checkReport, type CheckInput } from '../../../src/connectivity/check-report.js';
import { retold, simulated, type Packet } from './simulated-cluster.js';

function found(input: CheckInput): string[] {
  return checkReport(input).findings.map(({ kind, nodes, message }) => `${kind} [${nodes.join(' ')}] ${message}`);
}

const url = 'http://198.18.1.30/';
const two = simulated({ nodes: 2, urls: [url] });

describe('a URL', () => {
  it('that is not reached is told with why, where all agents say the same', () => {
    const status = retold(two, ({ kind }) =>
      kind === 'url' ? { values: { http: 'status' }, detail: 'status 503' } : {},
    );
    expect(found(status)).toMatchInlineSnapshot(`
      [
        "url [node1 node2] http://198.18.1.30/ is not reached from any node (status 503)",
      ]
    `);
    const different = retold(two, ({ kind }, { network }) =>
      kind === 'url' ? { values: { http: network === 'pod' ? 'timeout' : 'refused' } } : {},
    );
    expect(found(different)).toMatchInlineSnapshot(`
      [
        "url [node1 node2] http://198.18.1.30/ is not reached from any node",
      ]
    `);
    const fromOne = retold(two, ({ kind }, { node }) =>
      kind === 'url' && node === 'node2' ? { values: { http: 'timeout' } } : {},
    );
    expect(found(fromOne)).toMatchInlineSnapshot(`
      [
        "url [node2] http://198.18.1.30/ is not reached from node2 (timeout)",
      ]
    `);
  });

  it('whose name is not found where DNS is broken is no finding of its own', () => {
    const input = retold(two, ({ kind, via }) => {
      if (kind === 'url') return { values: { http: 'nameNotFound' } };
      if (via === 'name') return { values: kind === 'server' ? { http: 'nameNotFound' } : { tcp: 'nameNotFound' } };
      return kind === 'dns' ? { values: { dns: 'timeout' } } : {};
    });
    expect(found(input)).toMatchInlineSnapshot(`
      [
        "dns [node1 node2] no DNS server answers from any node (2 were asked)",
      ]
    `);
  });
});

describe('the name of a Service', () => {
  it('that is not found while DNS servers know it is the fault of the resolver', () => {
    const input = retold(two, ({ kind, via }, { node }) =>
      kind === 'api' && via === 'name' && node === 'node1' ? { values: { tcp: 'nameNotFound' } } : {},
    );
    expect(found(input)).toMatchInlineSnapshot(`
      [
        "serviceName [node1] the name kubernetes.default.svc is not found from node1",
      ]
    `);
  });

  it('that leads elsewhere is told apart from one that is not found', () => {
    const input = retold(two, ({ kind, via }) =>
      kind === 'server' && via === 'name' ? { values: { http: 'refused' } } : {},
    );
    expect(found(input)).toMatchInlineSnapshot(`
      [
        "serviceName [node1 node2] netmachinery-check-server is not reached by its name netmachinery-check-server.netmachinery-check.svc from any node, by its addresses it is",
      ]
    `);
  });
});

describe('a DNS server', () => {
  const unknown = (pods: string[]) => (outcome: { kind: string; pod?: string | undefined }) =>
    outcome.kind === 'dns' && pods.includes(outcome.pod ?? '') ? { values: { dns: 'nameNotFound' as const } } : {};

  it('that says NXDOMAIN does answer, but does not know the name', () => {
    expect(found(retold(two, unknown(['coredns-b'])))).toMatchInlineSnapshot(`
      [
        "dnsServer [node2] DNS pod coredns-b (198.18.2.6, on node2) does not know kubernetes.default.svc.cluster.local.; the other does",
      ]
    `);
    expect(found(retold(simulated({ nodes: 1 }), unknown(['coredns-a', 'coredns-b'])))).toMatchInlineSnapshot(`
      [
        "dns [node1] no DNS server knows kubernetes.default.svc.cluster.local. from node1 (2 were asked)",
      ]
    `);
  });
});

describe("the nodes' own network", () => {
  const isHost = ({ from, to, kind }: Packet) =>
    kind === 'agent' &&
    from.network === 'host' &&
    to.network === 'host' &&
    to.node !== undefined &&
    from.node !== to.node;

  it('is told apart from the pod network', () => {
    expect(found(simulated({ nodes: 2 }, { drops: isHost }))).toMatchInlineSnapshot(`
      [
        "hostNetwork [node1 node2] the nodes' own network does not work between node1 and node2; the pod network works",
      ]
    `);
    const oneWay = (packet: Packet) => isHost(packet) && packet.from.node === 'node1';
    expect(found(simulated({ nodes: 2 }, { drops: oneWay }))).toMatchInlineSnapshot(`
      [
        "hostNetwork [node1 node2] packets of the nodes' own network from node1 to node2 are lost (node1 hears node2 and gets no answer); the pod network works",
      ]
    `);
    const atOne = (packet: Packet) => isHost(packet) && [packet.from.node, packet.to.node].includes('node3');
    expect(found(simulated({ nodes: 4 }, { drops: atOne }))).toMatchInlineSnapshot(`
      [
        "hostNetwork [node3] the nodes' own network does not work between node3 and other nodes; the pod network works",
      ]
    `);
  });
});
