// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseBodyExpectation } from '../../../src/probes/http-body.js';
import { isStatusExpected, parseStatuses, statusText } from '../../../src/probes/http-status.js';

describe('expected statuses', () => {
  it('are numbers, classes, ranges and lists', () => {
    const expected = parseStatuses('200, 3xx,400-404');
    expect(statusText(expected)).toBe('200,300-399,400-404');
    expect([200, 201, 302, 404, 405].map((status) => isStatusExpected(status, expected))).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
    expect([101, 204, 399, 400, 503].map((status) => isStatusExpected(status))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it.each(['', 'ok', '20', '600', '2x', '300-200', '200-', '200;201'])('%s is none', (text) => {
    expect(() => parseStatuses(text)).toThrow('is not an HTTP status');
  });
});

describe('an expected body', () => {
  it('is a text or a regular expression', () => {
    expect(parseBodyExpectation('a.c').matches('xa.cx')).toBe(true);
    expect(parseBodyExpectation('a.c').matches('abc')).toBe(false);
    expect(parseBodyExpectation('/A.C/i').matches('abc')).toBe(true);
    expect(parseBodyExpectation('/').matches('a/b')).toBe(true);
    const global = parseBodyExpectation('/a/g');
    expect([global.matches('a'), global.matches('a')]).toEqual([true, true]);
    expect(() => parseBodyExpectation('/(/')).toThrow('not a regular expression');
    expect(() => parseBodyExpectation('')).toThrow('empty');
  });
});
