// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { MtuResult } from '../../../src/model/report.js';
import type { Measurement } from '../../../src/runs/measurement.js';
import { withExpectedMtu } from '../../../src/runs/mtu.js';
import { withWayBack } from '../../../src/runs/mtu-reverse.js';
import { judge } from '../../../src/runs/verdict.js';

const found = (mtu: MtuResult): Measurement => ({
  reason: 'PathMtuFound',
  message: `${mtu.pathMtu ?? 0} bytes`,
  attempts: 2,
  startedAt: new Date(0),
  facts: { mtu },
});
const verdict = ({ reason, message }: Measurement) =>
  judge({ reason, message }, 'allow', { maxLossPercent: 0 }).verdict;
const hole = {
  reason: 'BlackHole' as const,
  message: 'a black hole',
  mtu: { pathMtu: 1300, limitedBy: 'silence' as const },
};

describe('the MTU that is expected', () => {
  it('is met by as much and by more', () => {
    for (const pathMtu of [1400, 1500]) {
      expect(withExpectedMtu(found({ pathMtu }), 1400)).toMatchObject({ reason: 'PathMtuFound' });
    }
    expect(withExpectedMtu(found({ pathMtu: 68 }), undefined).reason).toBe('PathMtuFound');
  });

  it('is missed by less, which fails', () => {
    const small = withExpectedMtu(found({ pathMtu: 1399, limitedBy: 'router' }), 1400);
    expect(small).toMatchObject({ reason: 'MtuTooSmall', message: '1399 bytes; 1400 are expected' });
    expect(verdict(small)).toBe('fail');
  });

  it('is missed by less on the way back', () => {
    expect(withExpectedMtu(found({ pathMtu: 1500, reverse: { pathMtu: 1300 } }), 1400).reason).toBe('MtuTooSmall');
  });

  it('says nothing of a black hole or of silence', () => {
    for (const reason of ['BlackHole', 'NoReply'] as const) {
      expect(withExpectedMtu({ ...found({ pathMtu: 1300 }), reason }, 1400).reason).toBe(reason);
    }
  });
});

describe('the way back', () => {
  it('stands beside the way there', () => {
    const back = { reason: 'PathMtuFound' as const, message: '1400 bytes', mtu: { pathMtu: 1400 } };
    const both = withWayBack(found({ pathMtu: 1500 }), back);
    expect(both).toMatchObject({ reason: 'PathMtuFound', message: '1500 bytes; back: 1400 bytes' });
    expect(both.facts?.mtu).toEqual({ pathMtu: 1500, reverse: { pathMtu: 1400 } });
  });

  it('fails the test where it is a black hole, and where it could not be measured', () => {
    const dark = withWayBack(found({ pathMtu: 1500 }), hole);
    expect([dark.reason, verdict(dark)]).toEqual(['BlackHole', 'fail']);
    expect(dark.facts?.mtu?.reverse).toEqual(hole.mtu);
    const closed = withWayBack(found({ pathMtu: 1500 }), {
      reason: 'PodSecurityDenied',
      message: 'refused',
      hint: 'why',
    });
    expect([closed.reason, closed.hint, verdict(closed)]).toEqual(['PodSecurityDenied', 'why', 'unsupported']);
    const silent = withWayBack(found({ pathMtu: 1500 }), { reason: 'NoReply', message: 'no reply' });
    expect(verdict(silent)).toBe('fail');
  });

  it('makes nothing better', () => {
    const back = { reason: 'PathMtuFound' as const, message: '1500 bytes', mtu: { pathMtu: 1500 } };
    expect(withWayBack({ ...found({ pathMtu: 1300 }), reason: 'BlackHole' }, back).reason).toBe('BlackHole');
  });
});
