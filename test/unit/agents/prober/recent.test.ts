// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberName, type Member } from '../../../../src/agents/prober/peer-list.js';
import { RecentMemory } from '../../../../src/agents/prober/recent.js';
import { recentQuery } from '../../../../src/agents/prober/recent-query.js';
import { failureReasons } from '../../../../src/agents/prober/probe-result.js';
import { probeProtocols, rememberedProbes } from '../../../../src/model/prober.js';

const member = (pod: string, ip = '10.0.0.1'): Member => ({
  key: pod,
  namespace: 'shop',
  pod,
  node: 'node1',
  ip,
  port: 1,
});
const everything = recentQuery('/recent');

function memory() {
  const clock = { ms: 1000 };
  const kept = new RecentMemory(() => clock.ms);
  const names = () => kept.recent(everything).map((each) => `${memberName(each)}${each.left === true ? ' left' : ''}`);
  return { clock, kept, names };
}

describe('RecentMemory', () => {
  it('tells what was probed, how long ago, and of what was not probed yet nothing', () => {
    const { clock, kept } = memory();
    kept.list([member('web-0'), member('web-1')]);
    kept.observe('http', member('web-0'), { seconds: 0.0012344 });
    clock.ms += 500;
    kept.observe('http', member('web-0'), { failure: 'timeout' });
    clock.ms += 250;
    const probes = [
      { agoMs: 750, ms: 1.234 },
      { agoMs: 250, failure: 'timeout' },
    ];
    const at = { namespace: 'shop', node: 'node1', ip: '10.0.0.1' };
    expect(kept.recent(everything)).toEqual([
      { ...at, pod: 'web-0', probes: { http: probes } },
      { ...at, pod: 'web-1', probes: {} },
    ]);
    expect(kept.recent({ sinceMs: 400, protocols: ['http'] })[0]?.probes).toEqual({ http: [probes[1]] });
    expect(kept.recent({ sinceMs: 400, protocols: ['tcp'] })[0]?.probes).toEqual({});
  });

  it('keeps the last 128 of each destination and protocol, in order, as they were', () => {
    const result = fc.oneof(
      fc.record({ seconds: fc.integer({ min: 0, max: 5_000_000 }).map((us) => us / 1e6) }),
      fc.record({ failure: fc.constantFrom(...failureReasons) }),
    );
    fc.assert(
      fc.property(fc.array(result, { maxLength: 300 }), fc.constantFrom(...probeProtocols), (results, protocol) => {
        const { clock, kept } = memory();
        kept.list([member('web-0')]);
        for (const each of results) {
          clock.ms += 10;
          kept.observe(protocol, member('web-0'), each);
        }
        const found = kept.recent(everything)[0]?.probes[protocol] ?? [];
        const last = results.slice(-rememberedProbes);
        expect(found).toEqual(
          last.map((each, place) => ({
            agoMs: (last.length - 1 - place) * 10,
            ...('failure' in each ? each : { ms: Math.round(each.seconds * 1e6) / 1000 }),
          })),
        );
      }),
    );
  });

  it('remembers what left the list until its newest probe is a minute old', () => {
    const { clock, kept, names } = memory();
    kept.list([member('web-0'), member('web-1'), member('web-2')]);
    kept.observe('http', member('web-1'), { failure: 'refused' });
    kept.list([member('web-0')]);
    expect(names()).toEqual(['shop/web-0', 'shop/web-1 left']);
    clock.ms += 60_000;
    expect(names()).toEqual(['shop/web-0', 'shop/web-1 left']);
    clock.ms += 1;
    expect(names()).toEqual(['shop/web-0']);
  });

  it('goes on with what comes back, and keeps a pod of the same name and another address apart', () => {
    const { clock, kept, names } = memory();
    kept.list([member('web-0')]);
    kept.observe('http', member('web-0'), { seconds: 1 });
    kept.list([]);
    kept.observe('http', member('web-0'), { seconds: 2 });
    kept.list([member('web-0')]);
    expect(names()).toEqual(['shop/web-0']);
    kept.list([member('web-0', '10.0.0.2')]);
    expect(names()).toEqual(['shop/web-0 left', 'shop/web-0']);
    clock.ms += 60_001;
    expect(names()).toEqual(['shop/web-0']);
  });

  it('takes nothing from a destination that it does not know', () => {
    const { kept, names } = memory();
    kept.observe('http', member('web-0'), { seconds: 1 });
    expect(names()).toEqual([]);
  });
});

describe('the query of /recent', () => {
  it('is read, and what cannot be read asks for everything', () => {
    expect(recentQuery('/recent?sinceMs=5000&protocol=icmp&protocol=http')).toEqual({
      sinceMs: 5000,
      protocols: ['http', 'icmp'],
    });
    expect(recentQuery('/recent?sinceMs=-1&protocol=smtp')).toEqual({ sinceMs: Infinity, protocols: probeProtocols });
    expect(recentQuery(undefined)).toEqual({ sinceMs: Infinity, protocols: probeProtocols });
  });
});
