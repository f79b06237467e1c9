// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { nodeAddresses } from '../../../src/shaping/node-addresses.js';

test('what a node speaks to its pods from', () => {
  const node = {
    metadata: { name: 'node1' },
    spec: { podCIDRs: ['198.18.3.0/24', '2001:db8:3::/64', '10.1.2.255/31'] },
    status: {
      addresses: [
        { type: 'Hostname', address: 'node1' },
        { type: 'InternalIP', address: '192.0.2.1' },
        { type: 'ExternalIP', address: '203.0.113.1' },
        { type: 'InternalDNS', address: 'node1.example' },
      ],
    },
  };
  expect(nodeAddresses(node, ['198.18.3.1', 'fe80::1'])).toEqual([
    '192.0.2.1',
    '203.0.113.1',
    '198.18.3.1',
    'fe80::1',
    '198.18.3.0',
    '2001:db8:3::',
    '2001:db8:3::1',
    '10.1.2.254',
    '10.1.2.255',
  ]);
});

test('a node that says nothing', () => {
  expect(nodeAddresses({ metadata: { name: 'x' } }, [])).toEqual([]);
});
