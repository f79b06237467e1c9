// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { httpParser } from '../../../src/probes/http-parser.js';
import { httpRequests } from './recorded/http-requests.js';
import { damagedLines, garbageLines, parse, recordedLines } from './tcp-recording.js';

const recorded = (name: keyof typeof httpRequests) =>
  parse(httpParser(httpRequests[name]), recordedLines(`http/${name}.txt`)).outcomes;

describe('httpParser', () => {
  it('reads what curl said in the test cluster', () => {
    const [first, second] = recorded('answers');
    expect(first).toMatchObject({
      reason: 'Responded',
      message: 'status 200',
      address: expect.stringMatching(/^198\.18\./) as string,
      attempts: [{ reason: 'Responded' }, { reason: 'Responded' }],
      http: { url: 'http://api.shop.svc.cluster.local/path', method: 'GET', status: 200, version: '1.1' },
    });
    expect(first).not.toHaveProperty('tls');
    expect(second?.address).toContain(':');
    const { nameMs = 0, connectMs = 0, firstByteMs = 0, totalMs = 0 } = first?.http?.phases ?? {};
    expect([nameMs, connectMs, firstByteMs, totalMs]).toEqual(
      [nameMs, connectMs, firstByteMs, totalMs].sort((a, b) => a - b),
    );
    expect(nameMs).toBeGreaterThan(0);
  });

  it('looks at the certificate of who is not trusted', () => {
    expect(recorded('insecure')[0]).toMatchObject({
      reason: 'Responded',
      http: { version: '2' },
      tls: {
        subject: expect.stringMatching(/^CN=web-/) as string,
        notAfter: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
        error: 'certificate not trusted: self-signed certificate',
      },
    });
  });

  it('tells apart what failed', () => {
    const outcomes = recorded('failures');
    expect(outcomes.map(({ reason }) => reason)).toEqual([
      'Refused',
      'NameNotFound',
      'TlsFailed',
      'TlsFailed',
      'UnexpectedStatus',
      'TimedOut',
    ]);
    expect(outcomes[0]?.address).toBe('198.18.100.1');
    expect(outcomes[4]?.http).toMatchObject({ status: 400, version: '1.0' });
  });

  it('is told nothing of the headers', () => {
    for (const name of ['answers', 'insecure', 'failures'] as const) {
      expect(recordedLines(`http/${name}.txt`).join('\n')).not.toContain('not-to-be-seen');
    }
  });

  it('takes a connection that stood for reached, be it silent afterwards', () => {
    const [request] = [httpRequests.failures];
    const facts = ['connected yes', 'code 000', 'name 0.001', 'connect 0.000000', 'exit 28'];
    const lines = facts.map((fact) => `@fact 5 1 ${fact}`);
    const { outcomes } = parse(httpParser(request), [...lines, '@done 5']);
    expect(outcomes[5]?.reason).toBe('HttpFailed');
    expect(parse(httpParser(request), [...lines.slice(1), '@done 5']).outcomes[5]?.reason).toBe('TimedOut');
  });

  it('has one outcome a test, whatever is lost on the way, and never throws', () => {
    for (const name of ['answers', 'insecure', 'failures'] as const) {
      const request = httpRequests[name];
      fc.assert(
        fc.property(
          fc.oneof(damagedLines(recordedLines(`http/${name}.txt`)), garbageLines),
          fc.integer(),
          (lines, code) => {
            const { outcomes } = parse(httpParser(request), lines, code);
            expect(outcomes.map(({ index }) => index)).toEqual(request.tests.map(({ index }) => index));
          },
        ),
        { numRuns: 100 },
      );
    }
  });
});
