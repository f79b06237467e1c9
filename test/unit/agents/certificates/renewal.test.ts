// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backdateMs,
  decide,
  lifetimeMs,
  renewalMs,
  type Decision,
  type Held,
} from '../../../../src/agents/certificates/renewal.js';

const names = ['a.svc', 'a.svc.cluster.local'];
const start = Date.UTC(2026, 0, 1);
const hour = 60 * 60 * 1000;
const day = 24 * hour;

/** What is held after a decision was carried out, with names of authorities for their PEM. */
function after(held: Held | undefined, decision: Decision, nowMs: number): Held {
  const validity = { fromMs: nowMs - backdateMs, toMs: nowMs + lifetimeMs };
  if (decision.kind === 'issue') {
    const kept = (held?.authorities ?? []).filter(({ pem }) => decision.bundle.includes(pem));
    return {
      server: { ...validity, names, hasKey: true },
      authorities: [
        { ...validity, pem: String(nowMs), signed: true },
        ...kept.map((one) => ({ ...one, signed: false })),
      ],
    };
  }
  if (held === undefined) throw new Error('nothing to keep');
  return { ...held, authorities: held.authorities.filter(({ pem }) => decision.bundle.includes(pem)) };
}

const fresh = after(undefined, decide(undefined, names, start), start);

describe('decide', () => {
  it('keeps what is good, and names why it does not', () => {
    expect(decide(fresh, names, start)).toEqual({ kind: 'keep', bundle: [String(start)] });
    const { server, authorities } = fresh;
    const why = (held: Held | undefined, nowMs = start, wanted = names): string | undefined => {
      const decision = decide(held, wanted, nowMs);
      return decision.kind === 'issue' ? decision.why : undefined;
    };
    expect(why(undefined)).toBe('there is none');
    expect(why({ server: { ...server, hasKey: false }, authorities })).toBe('the key is not that of the certificate');
    expect(why({ server, authorities: [] })).toBe('no valid authority of the bundle signed it');
    expect(why({ server, authorities: authorities.map((one) => ({ ...one, signed: false })) })).toBe(
      'no valid authority of the bundle signed it',
    );
    expect(why(fresh, start, [...names, 'b.svc'])).toBe('it is not for b.svc');
    expect(why(fresh, start - 2 * hour)).toBe('it is not valid yet');
    expect(why(fresh, renewalMs(server) - 1)).toBeUndefined();
    expect(why(fresh, renewalMs(server))).toBe('it has had two thirds of its life');
  });

  it('renews with an authority that ends before its certificate', () => {
    const short = fresh.authorities.map((one) => ({ ...one, toMs: start + day }));
    expect(decide({ ...fresh, authorities: short }, names, start + day / 2)).toMatchObject({ kind: 'keep' });
    expect(decide({ ...fresh, authorities: short }, names, start + day - 1)).toMatchObject({ kind: 'issue' });
  });

  it('holds a valid certificate after each look, however late looks come, and both authorities meanwhile', () => {
    const looks = fc.array(fc.oneof(fc.integer({ min: 1, max: 30 * day }), fc.integer({ min: 1, max: 900 * day })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(looks, (steps) => {
        let nowMs = start;
        let held: Held = fresh;
        for (const step of steps) {
          nowMs += step;
          const decision = decide(held, names, nowMs);
          const next = after(held, decision, nowMs);
          const signer = next.authorities.find(({ signed }) => signed);
          // Valid now and until the next look of a leader that looks at least every 100 days.
          expect(next.server.fromMs).toBeLessThanOrEqual(nowMs);
          expect(Math.min(next.server.toMs, signer?.toMs ?? 0)).toBeGreaterThan(nowMs + 100 * day);
          // Never long before its time, never more than two authorities, none that is over.
          if (decision.kind === 'issue') expect(nowMs).toBeGreaterThanOrEqual(renewalMs(held.server));
          expect(next.authorities.length).toBeLessThanOrEqual(2);
          expect(next.authorities.every(({ toMs }) => toMs > nowMs)).toBe(true);
          // Replicas that still have the certificate before are believed as long as it is valid.
          if (held.server.toMs > nowMs) {
            const before = held.authorities.find(({ signed }) => signed)?.pem;
            expect(next.authorities.map(({ pem }) => pem)).toContain(before);
          }
          // A second look at the same time has nothing to do.
          expect(decide(next, names, nowMs).kind).toBe('keep');
          held = next;
        }
      }),
    );
  });

  it('finds its way with a clock that goes backwards', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -900 * day, max: 900 * day }), { maxLength: 40 }), (steps) => {
        let nowMs = start;
        let held: Held = fresh;
        for (const step of steps) {
          nowMs += step;
          held = after(held, decide(held, names, nowMs), nowMs);
          expect(held.server.fromMs).toBeLessThanOrEqual(nowMs);
          expect(held.server.toMs).toBeGreaterThan(nowMs);
          expect(held.authorities.length).toBeLessThanOrEqual(2);
        }
      }),
    );
  });
});
