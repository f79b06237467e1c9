// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyWatch, liveLine, type LiveSample, watchLines, watchSample } from '../../../src/report/live.js';
import { sparkline } from '../../../src/report/sparkline.js';
import { displayWidth } from '../../../src/report/text-width.js';

const sample = (seq: number, ms?: number, name = 'api-1'): LiveSample => ({
  source: { namespace: 'shop', pod: 'web-0' },
  destination: { ref: `pod/${name}`, kind: 'pod', namespace: 'shop', name, address: `198.19.1.${name.length}` },
  seq,
  ...(ms === undefined ? {} : { ms }),
});
const watched = (samples: LiveSample[]) => samples.reduce(watchSample, emptyWatch);

describe('liveLine', () => {
  it('says who, where, which and how fast', () => {
    expect(liveLine(sample(3, 0.21), { width: 80, color: false })).toBe('web-0 → api-1 (198.19.1.5)  seq 3  0.21 ms');
  });

  it('says why nothing came back', () => {
    const lost = { ...sample(4), reason: 'HostUnreachable' } as const;
    expect(liveLine(lost, { width: 80, color: false })).toBe('web-0 → api-1 (198.19.1.5)  seq 4  HostUnreachable');
    expect(liveLine(lost, { width: 80, color: true })).toContain('\u001b[31mHostUnreachable\u001b[39m');
  });

  it('says an address once and does not let names drive the terminal', () => {
    const destination = { ref: '198.18.0.1', kind: 'ip', address: '198.18.0.1' } as const;
    const evil = { namespace: 'shop', pod: 'web\u001b[2J\n-0' };
    expect(liveLine({ source: evil, destination, seq: 0, ms: 1 }, { width: 80, color: false })).toBe(
      'web -0 → 198.18.0.1  seq 0  1.00 ms',
    );
  });

  it('fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 90 }), fc.integer({ min: 60, max: 200 }), (name, width) => {
        expect(displayWidth(liveLine(sample(12345, 0.21, name), { width, color: true }))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('sparkline', () => {
  it('shows peaks over a low floor, and losses', () => {
    expect(sparkline([0.2, 0.21, 0.2, undefined, 2, 1])).toBe('▁▁▁×█▄');
  });

  it('keeps an even line low', () => {
    expect(sparkline([1, 1.02, 1.05])).toBe('▁▁▁');
    expect(sparkline([0, 0])).toBe('▁▁');
    expect(sparkline([undefined, undefined])).toBe('××');
    expect(sparkline([])).toBe('');
  });

  it('has one character a sample', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ min: 0, max: 60_000, noNaN: true }), { nil: undefined })),
        (samples) => {
          expect(sparkline(samples)).toMatch(new RegExp(`^[▁▂▃▄▅▆▇█×]{${samples.length}}$`));
        },
      ),
    );
  });
});

describe('watchLines', () => {
  it('has a line a pair, in the order of their first samples', () => {
    const state = watched([
      sample(0, 0.2),
      sample(0, 0.4, 'api-20'),
      sample(1),
      sample(1, 0.4, 'api-20'),
      sample(2, 0.3),
    ]);
    expect(watchLines(state, { width: 80, color: false })).toMatchInlineSnapshot(`
      [
        "api-1   ▁×▄                                  last  0.30  avg  0.25 ms  loss  33%",
        "api-20  ▁▁                                   last  0.40  avg  0.40 ms  loss   0%",
      ]
    `);
  });

  it('colours losses', () => {
    const [line] = watchLines(watched([sample(0, 0.2), sample(1)]), { width: 80, color: true });
    expect(line).toContain('▁\u001b[31m×\u001b[39m');
  });

  it('counts from the beginning though it shows only the end', () => {
    const state = watched(Array.from({ length: 1000 }, (_, seq) => (seq < 500 ? sample(seq) : sample(seq, 1))));
    const [line = ''] = watchLines(state, { width: 80, color: false });
    expect(line).toContain('loss  50%');
    expect(line).not.toContain('×');
  });

  it('fits the width and the height', () => {
    const samples = fc.array(
      fc.record({
        name: fc.stringMatching(/^[a-z][-a-z0-9]{0,60}$/),
        ms: fc.option(fc.double({ min: 0, max: 9999, noNaN: true }), { nil: undefined }),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 10 }), (each, width, height) => {
        const lines = watchLines(watched(each.map(({ name, ms }, seq) => sample(seq, ms, name))), {
          width,
          height,
          color: true,
        });
        expect(lines.length).toBeLessThanOrEqual(height);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
