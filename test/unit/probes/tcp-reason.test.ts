// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { mostTellingReason, socketErrorReason, socketErrorText } from '../../../src/probes/tcp-reason.js';
import { recordedLines } from './tcp-recording.js';

const said = ['bash', 'nc-openbsd', 'nc-busybox'].flatMap((tool) =>
  recordedLines(`tcp/tool-${tool}.txt`).map((line) => {
    const [reason = '', code = '', text = ''] = line.split('\t');
    return { tool, reason, code, text };
  }),
);

describe('socketErrorReason', () => {
  it.each(said.filter(({ code }) => code !== '0'))('knows $reason from $tool: $text', ({ reason, text }) => {
    expect(socketErrorReason(text)).toBe(reason);
  });

  it('was recorded with one success a tool', () => {
    expect(said.filter(({ code }) => code === '0').map(({ reason }) => reason)).toEqual([
      'Connected',
      'Connected',
      'Connected',
    ]);
  });

  // musl's strerror.h says these otherwise; netshoot is an Alpine image.
  it.each([
    ['connect: Host is unreachable', 'HostUnreachable'],
    ['connect: Network unreachable', 'NetworkUnreachable'],
    ['connect: Operation timed out', 'TimedOut'],
    ['connect: Address not available', 'NetworkUnreachable'],
  ])('knows musl: %s', (text, reason) => {
    expect(socketErrorReason(text)).toBe(reason);
  });

  it('does not guess', () => {
    expect(socketErrorReason('Too many open files')).toBe('ToolFailed');
    expect(socketErrorReason('')).toBe('ToolFailed');
  });
});

describe('socketErrorText', () => {
  it('is what comes last', () => {
    expect(socketErrorText('environment: connect: Connection refused')).toBe('Connection refused');
    expect(socketErrorText('no colon')).toBe('no colon');
  });
});

describe('mostTellingReason', () => {
  it('prefers an answer to silence', () => {
    expect(mostTellingReason(['TimedOut', 'Refused', 'TimedOut'])).toBe('Refused');
    expect(mostTellingReason(['TimedOut', 'ToolFailed'])).toBe('ToolFailed');
    expect(mostTellingReason([])).toBeUndefined();
  });
});
