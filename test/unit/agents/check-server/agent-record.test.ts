// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isOfNote,
  newRecord,
  recordAfter,
  recordSwept,
  type AgentRecord,
} from '../../../../src/agents/check-server/agent-record.js';
import { reportWith } from './reports.js';

const startMs = Date.parse('2026-01-02T03:04:05.000Z');
const at = (seconds: number): string => new Date(startMs + seconds * 1000).toISOString();
const well = reportWith([{ kind: 'api', values: { tcp: 1.5, icmp: 'unsupported' } }]);
const ill = reportWith([{ kind: 'api', values: { tcp: 'timeout', http: 2 } }]);
const heard = (record: AgentRecord, seconds: number, report = well) =>
  recordAfter(record, report, startMs + seconds * 1000);
const silent = (record: AgentRecord, seconds: number, state: 'Outdated' | 'Absent' = 'Outdated', missed = 0) =>
  recordSwept(record, { state, cause: 'silent', missed, atMs: startMs + seconds * 1000 });
const first = newRecord('node1', 'pod');

describe('the record of an agent', () => {
  it('has what its last report says, and counts', () => {
    expect(heard(heard(first, 0), 15, ill)).toMatchObject({
      node: 'node1',
      network: 'pod',
      state: 'OK',
      verdict: 'fail',
      pod: 'agent-1',
      ips: ['198.18.7.7'],
      lastReport: at(15),
      reports: 2,
      sent: 2,
      failed: 1,
      // Its clock stood still.
      clockSkewMs: -15_000,
    });
    // A probe that it cannot make is none.
    expect(heard(first, 0)).toMatchObject({ verdict: 'pass', sent: 1, failed: 0 });
  });

  it('has an outage from when it was found silent until it is heard, of the worst state', () => {
    const outdated = silent(heard(first, 0), 45);
    expect(outdated).toMatchObject({
      state: 'Outdated',
      cause: 'silent',
      outages: [{ state: 'Outdated', from: at(45) }],
    });
    const absent = silent(outdated, 90, 'Absent', 3);
    expect(absent).toMatchObject({ state: 'Absent', missed: 3, outages: [{ state: 'Absent', from: at(45) }] });
    const back = heard(absent, 100);
    expect(back.outages).toEqual([{ state: 'Absent', from: at(45), to: at(100), cause: 'silent' }]);
    expect(back.cause).toBeUndefined();
    expect(silent(back, 200).outages.map(({ from, to }) => [from, to])).toEqual([
      [at(200), undefined],
      [at(45), at(100)],
    ]);
  });

  it('has the newest 20 outages, of which only the first may be open, whatever happens', () => {
    const happens = fc.array(fc.constantFrom('heard', 'ill', 'Outdated', 'Absent'), { maxLength: 120 });
    fc.assert(
      fc.property(happens, (all) => {
        let record = first;
        for (const [index, each] of all.entries()) {
          if (each === 'heard') record = heard(record, index);
          else if (each === 'ill') record = heard(record, index, ill);
          else record = silent(record, index, each);
          const [latest, ...before] = record.outages;
          expect(record.outages.length).toBeLessThanOrEqual(20);
          expect(before.every(({ to }) => to !== undefined)).toBe(true);
          expect(latest !== undefined && latest.to === undefined).toBe(record.state !== 'OK');
          const times = record.outages.map(({ from }) => from);
          expect(times).toEqual([...times].sort().reverse());
        }
      }),
    );
  });
});

describe('what must not be forgotten', () => {
  const record = heard(first, 0);

  it('is whether it is well, and where it is', () => {
    expect(isOfNote(first, record)).toBe(true);
    expect(isOfNote(record, heard(record, 15, ill))).toBe(true);
    expect(isOfNote(record, heard(record, 15, reportWith([], 'agent-2')))).toBe(true);
    const moved = { ...well, agent: { ...well.agent, ips: ['198.18.7.8'] } };
    expect(isOfNote(record, heard(record, 15, moved))).toBe(true);
  });

  it('is when an outage begins and ends', () => {
    const outdated = silent(record, 45);
    expect(isOfNote(record, outdated)).toBe(true);
    expect(isOfNote(outdated, silent(outdated, 60, 'Absent'))).toBe(true);
    expect(isOfNote(outdated, heard(outdated, 60))).toBe(true);
  });

  it('is neither another report like the one before, nor one more that is missed', () => {
    expect(isOfNote(record, heard(record, 15))).toBe(false);
    const outdated = silent(record, 45);
    expect(isOfNote(outdated, silent(outdated, 60, 'Outdated', 1))).toBe(false);
  });
});
