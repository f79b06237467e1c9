// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { checkReport } from '../../../src/connectivity/check-report.js';
import { simulated, hostIp, type Breakage, type ClusterShape, type Packet } from './simulated-cluster.js';

function found(shape: ClusterShape, breakage: Breakage) {
  const { findings, verdict } = checkReport(simulated(shape, breakage));
  return { verdict, findings: findings.map(({ kind, nodes, message }) => `${kind} [${nodes.join(' ')}] ${message}`) };
}

const crosses = ({ from, to }: Packet) => to.node !== undefined && from.node !== to.node;
const touches = (node: string) => (packet: Packet) =>
  crosses(packet) && (packet.from.node === node || packet.to.node === node);
const goes = (from: string, to: string) => (packet: Packet) => packet.from.node === from && packet.to.node === to;

const two: ClusterShape = { nodes: 2 };
const five: ClusterShape = { nodes: 5 };
const hundred: ClusterShape = { nodes: 100 };

describe('two nodes', () => {
  it('is a pass with nothing found where all is well', () => {
    const report = checkReport(simulated(two));
    expect(report.verdict).toBe('pass');
    expect(report.findings).toEqual([]);
    expect(report.summary).toMatchObject({ fail: 0, inconclusive: 0 });
    expect(report.matrix.map(({ source, destination }) => `${source} ${destination}`)).toEqual([
      'node1 node1',
      'node1 node2',
      'node2 node1',
      'node2 node2',
    ]);
  });

  it('tells the direction whose packets are lost by what servers heard', () => {
    expect(found(two, { drops: goes('node1', 'node2') })).toMatchInlineSnapshot(`
      {
        "findings": [
          "direction [node1 node2] packets from node1 to node2 are lost (node2 hears nothing of node1, node1 hears node2)",
        ],
        "verdict": "fail",
      }
    `);
  });

  it('tells it from one end alone, where the reports of the other do not arrive', () => {
    expect(found(two, { drops: goes('node1', 'node2'), unheard: ['node2'] }).findings).toMatchInlineSnapshot(`
      [
        "agentOutdated [node2] agents on node2 have not reported for more than 2 intervals: silent",
        "direction [node1 node2] packets from node1 to node2 are lost (node1 hears node2 and gets no answer)",
      ]
    `);
  });

  it('says what it knows where nobody tells what was heard', () => {
    expect(found({ ...two, tellsHeard: false }, { drops: goes('node1', 'node2') }).findings).toMatchInlineSnapshot(`
      [
        "crossNode [node1 node2] node1 and node2 cannot reach each other",
      ]
    `);
  });

  it('finds an interface that is down', () => {
    const breakage: Breakage = {
      drops: touches('node2'),
      unheard: ['node2'],
      lateness: { state: 'Outdated', cause: 'node NotReady: Kubelet stopped posting node status' },
      conditions: { node2: 'NotReady: Kubelet stopped posting node status' },
    };
    expect(found(two, breakage).findings).toMatchInlineSnapshot(`
      [
        "agentOutdated [node2] agents on node2 have not reported for more than 2 intervals: node NotReady: Kubelet stopped posting node status",
        "nodeIsolated [node2] node1 does not reach node2, and node2 does not report (NotReady: Kubelet stopped posting node status)",
      ]
    `);
  });

  it('finds agents that are stopped', () => {
    const stopped = ['node2/pod', 'node2/host'];
    expect(found(two, { stopped }).findings).toMatchInlineSnapshot(`
      [
        "agentOutdated [node2] agents on node2 have not reported for more than 2 intervals: silent",
      ]
    `);
    const lateness = { state: 'Absent', cause: 'pod Pending: 0/2 nodes are available' } as const;
    expect(found(two, { stopped, lateness }).findings).toMatchInlineSnapshot(`
      [
        "agentAbsent [node2] agents on node2 have never reported: pod Pending: 0/2 nodes are available",
      ]
    `);
  });

  it('finds a path MTU black hole', () => {
    const drops = (packet: Packet) => goes('node1', 'node2')(packet) && packet.bytes > 1400;
    expect(found(two, { drops }).findings).toMatchInlineSnapshot(`
      [
        "largePackets [node1 node2] packets of 1500 bytes from node1 to node2 are lost, small ones arrive: a path MTU black hole",
      ]
    `);
  });

  it('finds one port that is dropped', () => {
    const drops = ({ to, protocol, port, isAnswer }: Packet) =>
      to.node === 'node2' && to.network === 'pod' && protocol === 'tcp' && port === 27_090 && !isAnswer;
    expect(found(two, { drops }).findings).toMatchInlineSnapshot(`
      [
        "port [node2] TCP to port 27090 from node1 to node2 and on node2 itself is not answered at pods; ICMP echo and UDP work",
      ]
    `);
  });

  it('finds the pod network broken', () => {
    const drops = (packet: Packet) => crosses(packet) && (packet.from.network === 'pod' || packet.to.network === 'pod');
    expect(found(two, { drops }).findings).toMatchInlineSnapshot(`
      [
        "podNetwork [node1 node2] the pod network does not work between node1 and node2; the nodes' own network works",
      ]
    `);
  });

  it('finds kube-proxy stopped with its rules flushed', () => {
    const drops = ({ from, via, isAnswer }: Packet) => from.node === 'node2' && via === 'virtual' && !isAnswer;
    expect(found(two, { drops }).findings).toMatchInlineSnapshot(`
      [
        "virtualAddress [node2] the virtual addresses 198.18.255.1 of kubernetes, 198.18.255.10 of DNS and 198.18.255.20 of netmachinery-check-server are not reached from node2, their endpoints are: look at kube-proxy on node2",
      ]
    `);
  });

  it('finds a DNS pod that is dead, an API server, and an endpoint of the server', () => {
    expect(found(two, { deadAddresses: ['198.18.1.5'] }).findings).toMatchInlineSnapshot(`
      [
        "dnsServer [node1] DNS pod coredns-a (198.18.1.5, on node1) does not answer; the other does",
      ]
    `);
    expect(found(two, { deadAddresses: ['198.18.1.5', '198.18.2.6'] }).findings).toMatchInlineSnapshot(`
      [
        "dns [node1 node2] no DNS server answers from any node (2 were asked)",
      ]
    `);
    const api = ({ to, kind }: Packet) => to.address === hostIp(1) && kind === 'api';
    expect(found(two, { drops: api }).findings).toMatchInlineSnapshot(`
      [
        "apiServer [node1 node2] the API server (198.19.0.1) is not reached from any node",
      ]
    `);
    expect(found(two, { deadAddresses: ['198.18.2.9'] }).findings).toMatchInlineSnapshot(`
      [
        "endpoint [node1 node2] endpoint netmachinery-check-server-b (198.18.2.9, on node2) of netmachinery-check-server is not reached from any node",
      ]
    `);
  });

  it('warns of a clock', () => {
    expect(found(two, { clockSkewMs: { node1: 1500, node2: -3_600_000 } })).toMatchInlineSnapshot(`
      {
        "findings": [
          "clock [node2] the clock of node2 is 3600 s behind",
        ],
        "verdict": "pass",
      }
    `);
  });

  it('finds an external name that is not resolved', () => {
    const drops = ({ kind }: Packet) => kind === 'external';
    expect(found({ ...two, externalName: 'example.com.' }, { drops }).findings).toMatchInlineSnapshot(`
      [
        "externalName [node1 node2] example.com. is not resolved from any node, names of the cluster are",
      ]
    `);
  });

  it('tells families apart', () => {
    const drops = (packet: Packet) => crosses(packet) && packet.to.address.includes(':');
    expect(found({ ...two, isDualStack: true }, { drops }).findings).toMatchInlineSnapshot(`
      [
        "crossNode [node1 node2] node1 and node2 cannot reach each other over IPv6",
      ]
    `);
  });
});

describe('five nodes', () => {
  it('finds one that is cut off', () => {
    expect(found(five, { drops: touches('node3') }).findings).toMatchInlineSnapshot(`
      [
        "nodeIsolated [node3] node3 reaches no other node and none reaches it",
      ]
    `);
    expect(found(five, { drops: touches('node2') }).findings).toMatchInlineSnapshot(`
      [
        "nodeIsolated [node2] node2 reaches no other node and none reaches it",
      ]
    `);
  });

  it('finds one whose packets are all lost on their way out', () => {
    const drops = (packet: Packet) => crosses(packet) && packet.from.node === 'node4';
    expect(found(five, { drops }).findings).toMatchInlineSnapshot(`
      [
        "nodeIsolated [node4] packets from node4 to all other nodes are lost, those to it arrive",
      ]
    `);
  });

  it('finds one direction between two', () => {
    expect(found(five, { drops: goes('node4', 'node5') }).findings).toMatchInlineSnapshot(`
      [
        "direction [node4 node5] packets from node4 to node5 are lost (node5 hears nothing of node4, node4 hears node5)",
      ]
    `);
  });

  it('finds everything between nodes broken', () => {
    expect(found(five, { drops: crosses }).findings).toMatchInlineSnapshot(`
      [
        "crossNode [node1 node2 node3 node4 node5] no node reaches another; inside of nodes it works",
      ]
    `);
  });

  it('finds the pod network of one node broken', () => {
    const drops = (packet: Packet) =>
      touches('node5')(packet) && (packet.from.network === 'pod' || packet.to.network === 'pod');
    expect(found(five, { drops }).findings).toMatchInlineSnapshot(`
      [
        "podNetwork [node5] the pod network does not work between node5 and other nodes; the nodes' own network works",
      ]
    `);
  });

  it('finds UDP dropped everywhere', () => {
    const drops = ({ protocol, port }: Packet) => protocol === 'udp' && port === 27_090;
    expect(found(five, { drops }).findings).toMatchInlineSnapshot(`
      [
        "port [node1 node2 node3 node4 node5] UDP to port 27090 between all nodes and inside of them is not answered; ICMP echo and TCP work",
      ]
    `);
  });

  it('finds large packets lost at one node', () => {
    const drops = (packet: Packet) => touches('node4')(packet) && packet.bytes > 1400;
    expect(found(five, { drops }).findings).toMatchInlineSnapshot(`
      [
        "largePackets [node4] packets of 1500 bytes between node4 and other nodes are lost, small ones arrive: a path MTU black hole",
      ]
    `);
  });

  it('finds two parts that do not reach each other', () => {
    const left = new Set(['node1', 'node2']);
    const drops = ({ from, to }: Packet) => to.node !== undefined && left.has(from.node) !== left.has(to.node);
    expect(found(five, { drops }).findings).toMatchInlineSnapshot(`
      [
        "pair [node1 node2 node3 node4 node5] {node1 and node2} and {node3, node4 and node5} do not reach each other",
      ]
    `);
  });
});

describe('a hundred nodes', () => {
  it('is a pass where all is well', () => {
    const report = checkReport(simulated(hundred));
    expect(report.verdict).toBe('pass');
    expect(report.matrix).toHaveLength(100 * 11);
  });

  it('finds one that is cut off, two of them, and one direction', () => {
    expect(found(hundred, { drops: touches('node42') }).findings).toMatchInlineSnapshot(`
      [
        "nodeIsolated [node42] node42 reaches no other node and none reaches it",
      ]
    `);
    const both = (packet: Packet) => touches('node42')(packet) || touches('node77')(packet);
    expect(found(hundred, { drops: both }).findings).toMatchInlineSnapshot(`
      [
        "nodeIsolated [node42] node42 reaches no other node and none reaches it",
        "nodeIsolated [node77] node77 reaches no other node and none reaches it",
      ]
    `);
  });
});
