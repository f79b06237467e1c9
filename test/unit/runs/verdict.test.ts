// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { reasons, type Reason } from '../../../src/model/reason.js';
import { judge, needsControl, reached } from '../../../src/runs/verdict.js';

const allow = (reason: Reason, lossPercent?: number, maxLossPercent = 0) =>
  judge({ reason, message: 'm', lossPercent }, 'allow', { maxLossPercent }).verdict;
const deny = (reason: Reason, controlReached?: boolean) =>
  judge({ reason, message: 'm' }, 'deny', {
    maxLossPercent: 0,
    control: controlReached === undefined ? undefined : { source: 'shop/other', reached: controlReached },
  });

describe('expect allow', () => {
  it.each(['EchoReply', 'Connected', 'Answered', 'Delivered'] as const)('passes on %s', (reason) => {
    expect(allow(reason)).toBe('pass');
  });

  it.each(['Refused', 'TimedOut', 'NoReply', 'HostUnreachable', 'NameNotFound', 'NoEndpoints'] as const)(
    'fails on %s',
    (reason) => {
      expect(allow(reason)).toBe('fail');
    },
  );

  it('lets packets be lost up to the limit', () => {
    expect(allow('PacketLoss', 20)).toBe('fail');
    expect(allow('PacketLoss', 20, 20)).toBe('pass');
    expect(allow('SomeAttemptsFailed')).toBe('fail');
  });

  it('concludes nothing from the silence of UDP', () => {
    expect(allow('Silent')).toBe('inconclusive');
  });
});

describe('expect deny', () => {
  it('fails when any attempt reached', () => {
    expect(deny('Connected', true).verdict).toBe('fail');
    expect(deny('SomeAttemptsFailed', true).verdict).toBe('fail');
    expect(deny('PacketLoss').verdict).toBe('fail');
  });

  it('passes only with a control that reached', () => {
    expect(deny('TimedOut', true)).toMatchObject({ verdict: 'pass', reason: 'TimedOut' });
    expect(deny('TimedOut', false)).toMatchObject({ verdict: 'inconclusive', reason: 'NoPositiveControl' });
    expect(deny('TimedOut')).toMatchObject({ verdict: 'inconclusive', reason: 'NoPositiveControl' });
  });

  it('fails when an answer came before the tool failed', () => {
    const outcome = { reason: 'ToolFailed', message: 'm', answered: true } as const;
    expect(judge(outcome, 'deny', { maxLossPercent: 0 }).verdict).toBe('fail');
    expect(judge(outcome, 'allow', { maxLossPercent: 0 }).verdict).toBe('error');
  });

  it('concludes nothing when nothing was sent', () => {
    expect(deny('NameNotFound', true).verdict).toBe('inconclusive');
  });
});

describe('every reason', () => {
  it.each(reasons)('%s is never a pass for both expectations', (reason) => {
    const both = [allow(reason), deny(reason, true).verdict];
    expect(both.filter((verdict) => verdict === 'pass').length).toBeLessThanOrEqual(1);
  });

  it.each(['DeadlineExceeded', 'Interrupted', 'ToolFailed', 'ToolMissing', 'ConnectionLost'] as const)(
    '%s of the tool is an error whatever is expected',
    (reason) => {
      expect(allow(reason)).toBe('error');
      expect(deny(reason, true).verdict).toBe('error');
    },
  );

  it('needs a control only where something was sent and not heard', () => {
    expect(reasons.filter((reason) => needsControl(reason) && reached(reason))).toEqual([]);
  });
});
