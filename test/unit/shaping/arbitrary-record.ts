// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import type { Effects, ShapeRecord } from '../../../src/model/shaping.js';

const percent = fc.integer({ min: 0, max: 100 });
const us = fc.integer({ min: 1, max: 10_000_000 });
const port = fc.integer({ min: 1, max: 65_535 });
const chance = fc.record({ percent, correlationPercent: percent }, { requiredKeys: ['percent'] });

const loss = fc.oneof(
  fc.record(
    { model: fc.constant('random' as const), percent, correlationPercent: percent },
    { requiredKeys: ['model', 'percent'] },
  ),
  fc.record(
    { model: fc.constant('gemodel' as const), p: percent, r: percent, oneMinusH: percent, oneMinusK: percent },
    { requiredKeys: ['model', 'p'] },
  ),
  fc.record(
    { model: fc.constant('state' as const), p13: percent, p31: percent, p32: percent, p23: percent, p14: percent },
    { requiredKeys: ['model', 'p13'] },
  ),
);

const netem = fc
  .record(
    {
      delay: fc.record(
        {
          us,
          jitterUs: us,
          correlationPercent: percent,
          distribution: fc.constantFrom('normal', 'pareto', 'paretonormal'),
        },
        { requiredKeys: ['us'] },
      ),
      loss,
      duplicate: chance,
      corrupt: chance,
      reorder: fc.record(
        { percent, correlationPercent: percent, gap: fc.integer({ min: 1, max: 9 }) },
        { requiredKeys: ['percent'] },
      ),
      rateBitsPerSecond: fc.integer({ min: 1, max: 10_000_000_000 }),
      limitPackets: fc.integer({ min: 1, max: 100_000 }),
      slot: fc.record({ minUs: us, maxUs: us, packets: port, bytes: port }, { requiredKeys: ['minUs'] }),
    },
    { requiredKeys: [] },
  )
  .filter((effects) => Object.keys(effects).length > 0);

const effects: fc.Arbitrary<Effects> = fc.oneof(netem, fc.constant({ partition: true as const }));

const time = fc
  .date({ min: new Date('2024-01-01'), max: new Date('2034-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Any record that a shape may have. */
export const anyRecord = fc.record(
  {
    token: fc.string({ minLength: 1 }),
    caller: fc.string(),
    reason: fc.string(),
    interface: fc.constantFrom('eth0', 'net1'),
    direction: fc.constantFrom('egress', 'ingress', 'both'),
    effects,
    scope: fc.record(
      {
        peers: fc.array(fc.string()),
        exclude: fc.array(fc.string()),
        ports: fc.array(port),
        sourcePorts: fc.array(port),
        destinationPorts: fc.array(port),
        protocol: fc.constantFrom('tcp', 'udp', 'icmp'),
      },
      { requiredKeys: ['peers', 'exclude', 'ports', 'sourcePorts', 'destinationPorts'] },
    ),
    container: fc.constant('netmachinery-admin-1'),
    startedAt: time,
    endsAt: time,
    podIPs: fc.array(fc.string()),
  },
  {
    requiredKeys: ['token', 'interface', 'direction', 'effects', 'scope', 'container', 'startedAt', 'endsAt', 'podIPs'],
  },
) as fc.Arbitrary<ShapeRecord>;
