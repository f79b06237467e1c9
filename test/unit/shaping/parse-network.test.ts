// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { parseInspection } from '../../../src/shaping/parse-inspection.js';
import { parseNetwork } from '../../../src/shaping/parse-network.js';
import { parseSections } from '../../../src/shaping/parse-sections.js';

const links =
  '[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK"],"mtu":65536},{},{"ifindex":2,"link_index":9,"ifname":"eth0","flags":["UP","LOWER_UP"],"mtu":1450}]';
const network = (more: string[] = []) =>
  parseSections(
    [
      'a line of whatever comes first',
      '@kernel 6.1.0-13-amd64',
      '@links',
      links,
      '@routes4',
      '[{"dst":"default","gateway":"198.19.1.1","dev":"eth0","flags":[]}]',
      '@routes6',
      '[{"dst":"default","nexthops":[{"via":{"family":"inet6","host":"fe80::1"},"dev":"net1"},{"gateway":"fe80::2","dev":"eth0"}]}]',
      '@qdiscs',
      '[{"kind":"htb","handle":"6e6d:","dev":"eth0","root":true,"options":{"r2q":7}},{}]',
      ...more,
      '@end',
    ].join('\n'),
  );

describe('a network', () => {
  it('is read from what the tools say', () => {
    expect(parseNetwork(network())).toEqual({
      kernel: '6.1.0-13-amd64',
      interfaces: [
        { name: 'lo', index: 1, mtu: 65_536, up: false },
        { name: 'eth0', index: 2, mtu: 1450, up: true },
      ],
      defaultInterfaces: ['eth0', 'net1'],
      gateways: ['198.19.1.1', 'fe80::1', 'fe80::2'],
      qdiscs: [{ kind: 'htb', handle: '6e6d:', dev: 'eth0', root: true, options: { r2q: 7 } }],
      filters: [],
    });
  });

  it('has filters, the table of nft, and the shape of this container', () => {
    const sections = network([
      '@filters eth0 egress',
      'filter parent 6e6d: protocol ip pref 100 u32 chain 0 ',
      '  match 00000000/00000000 at 0',
      '@filters eth0 ingress',
      '@nft',
      '{"nftables":[]}',
      '@shape -2',
      '{"token":"a","reason":"@end"}',
    ]);
    expect(parseNetwork(sections)).toMatchObject({
      filters: [
        {
          dev: 'eth0',
          hook: 'egress',
          text: 'filter parent 6e6d: protocol ip pref 100 u32 chain 0 \n  match 00000000/00000000 at 0',
        },
        { dev: 'eth0', hook: 'ingress', text: '' },
      ],
      nft: { nftables: [] },
      shape: { record: { token: 'a', reason: '@end' }, remainingSeconds: -2 },
    });
  });

  it("cannot be read with BusyBox' tools", () => {
    for (const said of ['@links\n@end', '@links\n1: lo: <LOOPBACK>\n@end']) {
      expect(() => parseNetwork(parseSections(said))).toThrow(Failure);
    }
  });
});

describe('an inspection', () => {
  it('knows what was found, what is missing and why, and addresses', () => {
    const sections = network([
      '@has htb',
      '@lacks netem Error: Specified qdisc kind is unknown.',
      '@has unheard-of',
      '@host db.example 198.18.0.1 2001:2::1',
      '@host nowhere.example',
    ]);
    const found = parseInspection(sections, ['db.example', 'nowhere.example', 'silent.example']);
    expect(found.supports).toEqual(new Set(['htb']));
    expect(found.missing).toEqual(new Map([['netem', 'Error: Specified qdisc kind is unknown.']]));
    expect(Object.fromEntries(found.hosts)).toEqual({
      'db.example': ['198.18.0.1', '2001:2::1'],
      'nowhere.example': [],
      'silent.example': [],
    });
  });

  it('that could not try anything is a Failure with the reason', () => {
    const sections = network(['@untried RTNETLINK answers: Operation not permitted']);
    expect(() => parseInspection(sections, [])).toThrow(
      /may not change .*: RTNETLINK answers: Operation not permitted$/,
    );
  });
});
