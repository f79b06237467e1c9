// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { hostDestinations, literalDestinations, nodeDestinations } from '../../../src/targets/address-destinations.js';
import type { DestinationScope } from '../../../src/targets/destination.js';
import { podDestinations } from '../../../src/targets/pod-destinations.js';
import { podFacts } from '../../../src/targets/pod-facts.js';
import { sourcePod } from '../../../src/targets/source-pod.js';
import { recordedNodes, recordedPod } from './recorded.js';
import { refusal } from './refusal.js';

const connect: DestinationScope = { verb: 'connect', protocols: [], families: [4, 6] };
const ping: DestinationScope = { ...connect, verb: 'ping' };
const facts = (...names: string[]) => names.map((name) => podFacts(recordedPod(name), [4, 6]));

describe('pods', () => {
  test('every pod at every address, port and protocol', () => {
    const request = { text: 'pod/x:80,81', ports: [80, 81] };
    const { destinations } = podDestinations(request, facts('old', 'new'), { ...connect, protocols: ['tcp', 'udp'] });
    expect(destinations).toHaveLength(16);
    expect(new Set(destinations.map(({ address, port, protocol }) => `${address} ${port} ${protocol}`)).size).toBe(16);
    expect(destinations[0]).toEqual({
      ref: 'pod/x:80',
      kind: 'pod',
      role: 'pod',
      namespace: 'targets',
      name: 'old',
      node: 'node1',
      pod: { namespace: 'targets', name: 'old' },
      address: recordedPod('old').status?.podIP,
      family: 4,
      port: 80,
      protocol: 'tcp',
    });
  });

  test('each port of a list bears the part of the word that names it', () => {
    const request = { text: 'udp://pod/old:80,http,81', ports: [80, 'http', 81] };
    const { destinations } = podDestinations(request, facts('old'), { ...connect, families: [4] });
    expect(destinations.map(({ ref, port }) => `${ref} ${port}`).sort()).toEqual([
      'udp://pod/old:80 80',
      'udp://pod/old:81 81',
      'udp://pod/old:http 8080',
    ]);
  });

  test('a port name is each pod its own number', () => {
    const { destinations } = podDestinations({ text: 'x', ports: ['http'] }, facts('old', 'new'), {
      ...connect,
      families: [4],
    });
    expect(destinations.map(({ name, port, portName }) => `${name} ${port} ${portName}`)).toEqual([
      'old 8080 http',
      'new 9090 http',
    ]);
  });

  test('a port name that no pod has is refused', () => {
    const failure = refusal(() => podDestinations({ text: 'x', ports: ['web'] }, facts('old', 'new'), connect));
    expect(failure.hint).toBe('it has http (8080/tcp), http (9090/tcp)');
    refusal(() => podDestinations({ text: 'x', ports: ['http'], protocol: 'udp' }, facts('old'), connect));
  });

  test('a pod without an address is nothing to send to', () => {
    expect(podDestinations({ text: 'x', ports: [] }, facts('waiting'), ping).destinations).toEqual([
      expect.objectContaining({
        emptyReason: 'NoAddress',
        emptyMessage: 'pod targets/waiting is Pending and has no address',
      }),
    ]);
  });

  test('a source prefers the family of its own first address among those that are wanted', () => {
    const pod = recordedPod('old');
    expect(sourcePod(pod)).toMatchObject({ primaryFamily: 4, node: 'node1', addresses: { 4: pod.status?.podIP } });
    expect(sourcePod(pod, [6])).toMatchObject({ primaryFamily: 6, addresses: { 6: pod.status?.podIPs?.[1]?.ip } });
    expect(sourcePod(recordedPod('waiting')).addresses).toEqual({});
  });

  test('the addresses of a finished pod are not its own any more', () => {
    const pod = recordedPod('old');
    const finished = { ...pod, status: { ...pod.status, phase: 'Succeeded' } };
    expect(podFacts(finished, [4, 6]).addresses).toEqual({});
  });
});

describe('nodes, literals and hosts', () => {
  test('a node is its internal addresses', () => {
    const [node] = recordedNodes;
    if (node === undefined) return expect.unreachable();
    const { destinations: addresses } = {
      destinations: nodeDestinations({ text: 'node/node1', ports: [22] }, node, connect),
    };
    expect(addresses.map(({ address, family, port }) => ({ address, family, port }))).toEqual([
      { address: '198.18.100.1', family: 4, port: 22 },
      { address: '2001:2:0:1801::1', family: 6, port: 22 },
    ]);
    const bare = { ...node, status: { addresses: [{ type: 'Hostname', address: 'node1' }] } };
    expect(nodeDestinations({ text: 'node/node1', ports: [] }, bare, ping)[0]).toMatchObject({
      emptyReason: 'NoAddress',
    });
  });

  test('a literal of a family that is left out is refused', () => {
    const literal = { address: '2001:2::1', family: 6 } as const;
    expect(literalDestinations({ text: '2001:2::1', ports: [] }, literal, ping)).toEqual([
      { ref: '2001:2::1', kind: 'ip', role: 'literal', address: '2001:2::1', family: 6 },
    ]);
    refusal(() => literalDestinations({ text: '2001:2::1', ports: [] }, literal, { ...ping, families: [4] }));
  });

  test('a host is asked for in each family', () => {
    expect(hostDestinations({ text: 'a.b:1', ports: [1] }, 'a.b', connect)).toEqual(
      [4, 6].map((family) => ({
        ref: 'a.b:1',
        kind: 'host',
        role: 'host',
        name: 'a.b',
        host: 'a.b',
        family,
        port: 1,
        protocol: 'tcp',
      })),
    );
    refusal(() => hostDestinations({ text: 'a.b:http', ports: ['http'] }, 'a.b', connect));
  });
});
