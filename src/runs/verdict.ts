// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';
import type { ControlResult } from '../model/report.js';
import type { Expectation, Verdict } from '../model/verdict.js';

/**
 * What a reason says about the destination: it was reached by every attempt, or by some; it was not; nothing was heard
 * where silence is normal (UDP); nothing was sent; or it says nothing about the network at all.
 */
type Finding = 'reached' | 'partly' | 'unreached' | 'silent' | 'notSent' | 'inconclusive' | 'unsupported' | 'error';

const findings: Record<Reason, Finding> = {
  EchoReply: 'reached',
  Connected: 'reached',
  Answered: 'reached',
  Delivered: 'reached',
  Resolved: 'reached',
  Responded: 'reached',
  PathMtuFound: 'reached',
  Arrived: 'reached',
  PacketLoss: 'partly',
  SomeAttemptsFailed: 'partly',
  // The connection stood; what failed is above layer 4.
  TlsFailed: 'partly',
  DnsError: 'partly',
  NoSuchRecord: 'partly',
  UnexpectedAnswer: 'partly',
  UnexpectedStatus: 'partly',
  UnexpectedBody: 'partly',
  HttpFailed: 'partly',
  // Small packets arrived.
  MtuTooSmall: 'partly',
  BlackHole: 'partly',
  ExpectationNotMet: 'partly',
  Refused: 'unreached',
  HostUnreachable: 'unreached',
  NetworkUnreachable: 'unreached',
  Prohibited: 'unreached',
  TimeExceeded: 'unreached',
  MessageTooLong: 'unreached',
  NoReply: 'unreached',
  TimedOut: 'unreached',
  Silent: 'silent',
  NameNotFound: 'notSent',
  NoEndpoints: 'notSent',
  NoAddress: 'notSent',
  NoPositiveControl: 'inconclusive',
  SourceVanished: 'inconclusive',
  DestinationVanished: 'inconclusive',
  NotShaped: 'inconclusive',
  PingNotPermitted: 'unsupported',
  PodSecurityDenied: 'unsupported',
  StaticPod: 'unsupported',
  WindowsPod: 'unsupported',
  PodNotRunning: 'unsupported',
  NotSupported: 'unsupported',
  ToolMissing: 'error',
  ToolFailed: 'error',
  ToolContainerFailed: 'error',
  ImageNotPulled: 'error',
  ConnectionLost: 'error',
  DeadlineExceeded: 'error',
  Forbidden: 'error',
  Interrupted: 'error',
  ClusterFailed: 'error',
};

/** Whether any attempt reached the destination. */
export function reached(reason: Reason): boolean {
  return findings[reason] === 'reached' || findings[reason] === 'partly';
}

/** Whether a test with this outcome needs a positive control before `deny` can pass. */
export function needsControl(reason: Reason): boolean {
  return findings[reason] === 'unreached' || findings[reason] === 'silent';
}

export interface Outcome {
  reason: Reason;
  message: string;
  /** An answer came, whatever else went wrong afterwards. */
  answered?: boolean | undefined;
  /** 0..100; only packets that can be counted (icmp). */
  lossPercent?: number | undefined;
}

export interface Judgement {
  verdict: Verdict;
  reason: Reason;
  message: string;
}

function judgeAllow(outcome: Outcome, maxLossPercent: number): Verdict {
  switch (findings[outcome.reason]) {
    case 'reached':
      return 'pass';
    case 'partly':
    case 'unreached':
      return outcome.lossPercent !== undefined && outcome.lossPercent <= maxLossPercent ? 'pass' : 'fail';
    case 'notSent':
      return 'fail';
    case 'silent':
    case 'inconclusive':
      return 'inconclusive';
    case 'unsupported':
      return 'unsupported';
    case 'error':
      return 'error';
  }
}

/** Why it may be the destination that is silent. */
function whyUnproven(control: ControlResult | undefined): string {
  if (control === undefined) return 'nothing shows that it can be reached from anywhere';
  const { source, reachedBefore } = control;
  return reachedBefore === true
    ? `${source}, which had reached it, does not any more`
    : `${source} did not reach it either`;
}

function judgeDeny(outcome: Outcome, control: ControlResult | undefined): Judgement {
  const { reason, message, answered = false } = outcome;
  switch (answered ? 'reached' : findings[reason]) {
    case 'reached':
    case 'partly':
      return { verdict: 'fail', reason, message: `${message}, which was to be denied` };
    case 'unreached':
    case 'silent':
      if (control?.reached === true) {
        return { verdict: 'pass', reason, message: `${message}; reached from ${control.source}` };
      }
      return {
        verdict: 'inconclusive',
        reason: 'NoPositiveControl',
        message: `${message}, but ${whyUnproven(control)}`,
      };
    case 'notSent':
      return { verdict: 'inconclusive', reason, message: `${message}, so nothing was sent` };
    case 'inconclusive':
      return { verdict: 'inconclusive', reason, message };
    case 'unsupported':
      return { verdict: 'unsupported', reason, message };
    case 'error':
      return { verdict: 'error', reason, message };
  }
}

/** What an outcome means under an expectation (README, "Verdicts"); a deny passes only with a positive control. */
export function judge(
  outcome: Outcome,
  expect: Expectation,
  options: { maxLossPercent: number; control?: ControlResult | undefined },
): Judgement {
  if (expect === 'deny') return judgeDeny(outcome, options.control);
  return { verdict: judgeAllow(outcome, options.maxLossPercent), reason: outcome.reason, message: outcome.message };
}
