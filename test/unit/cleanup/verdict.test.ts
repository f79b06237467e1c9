// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { verdictOn } from '../../../src/cleanup/verdict.js';
import type { Found } from '../../../src/cleanup/find-leftovers.js';

const mine: Found = {
  kind: 'ToolContainer',
  namespace: 'shop',
  pod: 'web',
  podUid: 'u',
  container: 'netmachinery-1',
  caller: 'jane',
  reason: undefined,
  startedAt: undefined,
  state: 'running',
  waitingReason: undefined,
  idles: true,
  shape: undefined,
  hasLeftRules: false,
};
const jane = { caller: 'jane', force: false };
const outcome = (leftover: Partial<Found>, who = jane) => verdictOn({ ...mine, ...leftover }, who)?.outcome;

describe('what is left alone', () => {
  it("is what others had added, or nobody knows who, but for one's own", () => {
    expect(outcome({})).toBeUndefined();
    expect(outcome({ caller: 'joe' })).toBe('others');
    expect(outcome({ caller: undefined })).toBe('others');
    expect(verdictOn({ ...mine, caller: undefined }, { caller: undefined, force: false })?.outcome).toBe('others');
  });

  it('is what does its work and ends with it', () => {
    expect(outcome({ idles: false })).toBe('busy');
    expect(outcome({ kind: 'ProbePod', idles: false })).toBe('busy');
    expect(outcome({ kind: 'ProbePod', idles: false, state: 'ended' })).toBeUndefined();
  });

  it('is a probe pod that somebody may be waiting for, but no older one', () => {
    const startedAgo = (seconds: number): Partial<Found> => ({
      kind: 'ProbePod',
      state: 'waiting',
      startedAt: new Date(Date.now() - seconds * 1000).toISOString(),
    });
    expect(outcome(startedAgo(5))).toBe('busy');
    expect(outcome(startedAgo(5), { caller: 'jane', force: true })).toBeUndefined();
    expect(outcome(startedAgo(300))).toBeUndefined();
    expect(outcome({ ...startedAgo(5), state: 'running' })).toBeUndefined();
  });

  it('is nothing of that with --force', () => {
    const force = { caller: 'jane', force: true };
    expect([outcome({ caller: 'joe' }, force), outcome({ idles: false }, force)]).toEqual([undefined, undefined]);
  });

  it('is what cannot be ended, with --force or without, and why', () => {
    const force = { caller: 'jane', force: true };
    expect(outcome({ state: 'ended', caller: 'joe' }, force)).toBe('stays');
    const waiting = { ...mine, state: 'waiting' as const, waitingReason: 'ErrImagePull' };
    expect(verdictOn(waiting, force)).toMatchObject({ outcome: 'stays' });
    expect(verdictOn(waiting, force)?.message).toContain('ErrImagePull');
  });

  it('is a container that was killed, and what removes the rules that it left', () => {
    const killed = { ...mine, state: 'ended' as const, hasLeftRules: true };
    expect(verdictOn(killed, jane)).toEqual({
      outcome: 'stays',
      message: 'was killed and left rules of a shape behind: kubectl netmachinery shape clear -n shop pod/web',
    });
  });

  it('is not what may only just have started', () => {
    expect(outcome({ state: 'waiting' })).toBeUndefined();
    expect(outcome({ state: 'waiting', waitingReason: 'ContainerCreating' })).toBeUndefined();
  });
});
