// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { MeasuredTest } from '../../../src/runs/plan.js';
import type { Siblings } from '../../../src/runs/siblings.js';
import type { PreparedTest } from '../../../src/suites/prepare-tests.js';
import { siblingsAnew, siblingsOnDemand, siblingTests } from '../../../src/suites/sibling-tests.js';
import type { SuiteProbe } from '../../../src/suites/suite-probe.js';
import { destination, measurement } from '../runs/planned-tests.js';
import { prepared } from './prepared-tests.js';

const db = destination('db');
const api = destination('api', { address: '198.19.1.10' });
const running = new AbortController().signal;

/** What a test has measured of its own: nothing was reached. */
const silent = ({ run }: PreparedTest): MeasuredTest[] =>
  run.plan.tests.map((test) => ({ test, measurement: measurement('TimedOut') }));
const found = (tests: readonly MeasuredTest[]) =>
  tests.map(({ test, measurement: { reason } }) => `${test.source.name} -> ${test.destination.ref} ${reason}`);

function of(siblings: ReadonlyMap<PreparedTest, Siblings>, test: PreparedTest): Siblings {
  const own = siblings.get(test);
  if (own === undefined) throw new Error('a test without siblings');
  return own;
}

describe('tests that are made together', () => {
  const ping = (parameters: Partial<Extract<SuiteProbe, { kind: 'ping' }>>): SuiteProbe => ({
    kind: 'ping',
    ...parameters,
  });

  it.each<[string, SuiteProbe, SuiteProbe, boolean]>([
    ['connects', { kind: 'connect' }, { kind: 'connect' }, true],
    ['connects, more or fewer', { kind: 'connect', attempts: 1 }, { kind: 'connect', attempts: 9 }, true],
    ['a connect and a ping', { kind: 'connect' }, ping({}), false],
    ['a connect and an HTTP request', { kind: 'connect' }, { kind: 'http' }, false],
    ['pings, more or fewer', ping({ count: 1, intervalMs: 10 }), ping({ count: 9, timeoutMs: 100 }), true],
    ['pings of two sizes', ping({ sizeBytes: 56 }), ping({ sizeBytes: 1400 }), false],
    ['pings that may be fragmented and that may not', ping({}), ping({ dontFragment: true }), false],
  ])('%s: whether one tells the other', async (_, one, other, isTold) => {
    const denied = prepared('denied', { to: [db], probe: one });
    const allowed = prepared('allowed', { to: [db], probe: other });
    const siblings = siblingTests([denied, allowed], running);
    for (const test of [allowed, denied]) of(siblings, test).tell(silent(test));
    const told = await of(siblings, denied).elsewhere(silent(denied));
    expect(found(told)).toEqual(isTold ? ['allowed -> pod/db:80 TimedOut'] : []);
  });

  it('are measured again each by its own measurer, in its own pods', async () => {
    const log: string[] = [];
    const denied = prepared('denied', { to: [db], log });
    const allowed = prepared('allowed', { to: [db], reason: 'Refused', log });
    const siblings = siblingTests([denied, allowed], running);
    of(siblings, allowed).tell(silent(allowed));
    const told = await of(siblings, denied).elsewhere([]);
    const again = await of(siblings, denied).again(told);
    expect(told.map((each) => again.get(each)?.reason)).toEqual(['Refused']);
    expect(log).toEqual(['allowed: allowed -> pod/db:80']);
  });

  it('wait for nobody once the run ends', async () => {
    const ended = new AbortController();
    const [denied, late] = [prepared('denied', { to: [db] }), prepared('late', { to: [db] })];
    const waiting = of(siblingTests([denied, late], ended.signal), denied).elsewhere([]);
    ended.abort();
    expect(await waiting).toEqual([]);
  });
});

describe('a test that is made once more', () => {
  function toldOnce(reason: 'Connected' | 'TimedOut') {
    const log: string[] = [];
    const denied = prepared('denied', { to: [db] });
    const allowed = prepared('allowed', { to: [api, db], reason, log });
    const siblings = siblingTests([denied, allowed], running);
    of(siblings, allowed).tell(silent(allowed));
    return { denied, allowed, siblings, log };
  }

  it('has its siblings measured anew, but only what it needs of them', async () => {
    const { denied, siblings, log } = toldOnce('Connected');
    const anew = await siblingsAnew(of(siblings, denied)).elsewhere(silent(denied));
    expect(found(anew)).toEqual(['allowed -> pod/db:80 Connected']);
    expect(log).toEqual(['allowed: allowed -> pod/db:80']);
  });

  it('needs nothing where nothing is denied', async () => {
    const { denied, siblings, log } = toldOnce('Connected');
    expect(await siblingsAnew(of(siblings, denied)).elsewhere([])).toEqual([]);
    expect(log).toEqual([]);
  });

  it('can have what it was told confirmed by whom it is of', async () => {
    const { denied, siblings, log } = toldOnce('Connected');
    const own = siblingsAnew(of(siblings, denied));
    const anew = await own.elsewhere(silent(denied));
    await own.again(anew);
    expect(log).toEqual(['allowed: allowed -> pod/db:80', 'allowed: allowed -> pod/db:80']);
  });

  it('tells the others nothing: they were told already, or wait for the first try', async () => {
    const { denied, allowed, siblings } = toldOnce('TimedOut');
    siblingsAnew(of(siblings, denied)).tell([]);
    of(siblings, denied).tell(silent(denied));
    expect(found(await of(siblings, allowed).elsewhere([]))).toEqual(['denied -> pod/db:80 TimedOut']);
  });
});

describe('tests that are made one after another', () => {
  it('are measured before their turn, by their own measurer, as far as a denied test needs them', async () => {
    const log: string[] = [];
    const denied = prepared('denied', { to: [db], log });
    const later = prepared('later', { to: [api, db], reason: 'Refused', log });
    const siblings = of(siblingsOnDemand([denied, later]), denied);
    expect(log).toEqual([]);
    const needed = await siblings.elsewhere(silent(denied));
    expect(found(needed)).toEqual(['later -> pod/db:80 Refused']);
    const again = await siblings.again([...needed, ...silent(denied)]);
    expect([...again.values()].map(({ reason }) => reason)).toEqual(['Refused', 'Connected']);
    expect(log).toEqual(['later: later -> pod/db:80', 'later: later -> pod/db:80', 'denied: denied -> pod/db:80']);
  });

  it('do not serve other kinds of packets, nor themselves', async () => {
    const log: string[] = [];
    const denied = prepared('denied', { to: [db], log });
    const ping = prepared('ping', { to: [db], probe: { kind: 'ping' }, log });
    expect(await of(siblingsOnDemand([denied, ping]), denied).elsewhere(silent(denied))).toEqual([]);
    expect(log).toEqual([]);
  });

  it('are left alone where they are unsupported', async () => {
    const log: string[] = [];
    const denied = prepared('denied', { to: [db], log });
    const unsupported = prepared('unsupported', { to: [db], unsupported: 'there is no perf yet', log });
    expect(await of(siblingsOnDemand([denied, unsupported]), denied).elsewhere(silent(denied))).toEqual([]);
    expect(log).toEqual([]);
  });
});
