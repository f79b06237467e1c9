// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPeerList } from '../../../../src/agents/prober/peer-list.js';
import { Failure } from '../../../../src/errors/failure.js';

const endpoint = { ip: '10.0.0.4', port: '19191' };
const text = (endpointsMap: unknown, pollingPeriod: unknown = 1e9): string =>
  JSON.stringify({ endpointsMap, pollingPeriod });

describe('readPeerList', () => {
  it('reads a list of k8s-network-prober', () => {
    const list = readPeerList(
      '{"endpointsMap":{"web-1":{"ip":"10.0.0.4","port":"8080"}},"pollingPeriod":5000000000}',
      'a',
    );
    expect(list).toEqual({
      periodMs: 5000,
      members: [{ key: 'web-1', namespace: 'a', pod: 'web-1', node: '', ip: '10.0.0.4', port: 8080 }],
    });
  });

  it('reads names from the key, or from fields of their own', () => {
    const { members } = readPeerList(
      text({
        'shop/web': { ...endpoint, node: 'node1' },
        other: { ip: 'fd00::4', port: '1', namespace: 'b', pod: 'web' },
      }),
      'a',
    );
    expect(members).toEqual([
      { key: 'shop/web', namespace: 'shop', pod: 'web', node: 'node1', ip: '10.0.0.4', port: 19191 },
      { key: 'other', namespace: 'b', pod: 'web', node: '', ip: 'fd00::4', port: 1 },
    ]);
  });

  it('takes the null of Go for no endpoints, and ignores fields of later versions', () => {
    expect(readPeerList('{"endpointsMap":null,"pollingPeriod":1000000000,"later":1}', 'a').members).toEqual([]);
  });

  it.each([
    ['', 'the peer list is not JSON'],
    ['[]', 'the peer list is [], but must be an object'],
    ['{"pollingPeriod":1000000000}', 'endpointsMap is missing'],
    [text({}, 10), 'pollingPeriod is 10, but must be nanoseconds'],
    [text({}, '10s'), 'pollingPeriod is "10s"'],
    [text({ a: null }), 'endpointsMap["a"] is null'],
    [text({ a: { ...endpoint, ip: 'web' } }), 'endpointsMap["a"].ip is "web"'],
    [text({ a: { ...endpoint, ip: 'fe80::1%eth0' } }), 'endpointsMap["a"].ip'],
    [text({ a: { ...endpoint, port: 19191 } }), 'endpointsMap["a"].port is 19191, but must be a string'],
    [text({ a: { ...endpoint, port: '65536' } }), 'endpointsMap["a"].port is "65536"'],
    [text({ a: { ...endpoint, node: 1 } }), 'endpointsMap["a"].node is 1'],
    [text({ 'a/b/c': endpoint }), 'the key must be'],
    [text({ web: endpoint, 'a/web': endpoint }), 'pod a/web twice'],
  ])('refuses %s', (wrong, message) => {
    expect(() => readPeerList(wrong, 'a')).toThrow(message);
  });

  it('throws nothing but a Failure', () => {
    const anyEndpoint = fc.record({ ip: fc.anything(), port: fc.anything() });
    const anyText = fc.oneof(
      fc.string(),
      fc.json(),
      fc.dictionary(fc.string(), anyEndpoint).map((map) => JSON.stringify({ endpointsMap: map, pollingPeriod: 1e9 })),
    );
    fc.assert(
      fc.property(anyText, (any) => {
        try {
          readPeerList(any, 'a');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Failure);
        }
      }),
    );
  });
});
