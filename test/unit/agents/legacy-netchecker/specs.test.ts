// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { agentLabel, specText } from '../../../../src/agents/legacy-netchecker/agent-spec.js';
import { decodeReport, decodeSpec } from '../../../../src/agents/legacy-netchecker/decode-spec.js';
import { Failure } from '../../../../src/errors/failure.js';

interface Recorded {
  in: string;
  out: string | null;
  error?: string;
}

const file = join(import.meta.dirname, 'recorded/specs.json');
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Recorded[];
/** JavaScript counts exactly to 2^53 only: such a report is refused, and never stored with another number. */
const beyondNumbers = '{"report_interval":9007199254740993}';
const lastUpdated = '2024-05-01T10:00:00.2Z';

describe('a report', () => {
  test.each(recorded.filter(({ out, in: text }) => out !== null && text !== beyondNumbers))(
    '$in becomes what Go makes of it, byte by byte',
    ({ in: text, out }) => {
      expect(specText({ ...decodeReport(text), lastUpdated })).toBe(out);
    },
  );

  test.each([...recorded.filter(({ out }) => out === null).map(({ in: text }) => text), beyondNumbers])(
    '%s is refused',
    (text) => {
      expect(() => decodeReport(text)).toThrow(Failure);
    },
  );

  it('is either read or refused, whatever it is, and read again as it was written', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const lists = fc.option(fc.dictionary(fc.string(), fc.option(fc.array(fc.string()))));
    const report = fc.record(
      {
        report_interval: fc.oneof(fc.maxSafeInteger(), value),
        nodename: fc.oneof(fc.string({ unit: 'binary' }), value),
        nslookup: fc.oneof(lists, value),
        ips: fc.oneof(lists, value),
        network_probes: fc.oneof(fc.array(fc.record({ URL: fc.string(), Total: fc.nat() })), value),
      },
      { requiredKeys: [] },
    );
    const check = (text: string): void => {
      let spec;
      try {
        spec = decodeReport(text);
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'usage' });
        return;
      }
      const written = specText(spec);
      expect(specText(decodeSpec(JSON.parse(written) as object))).toBe(written);
    };
    fc.assert(fc.property(report, (fields) => check(JSON.stringify(fields))));
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), check));
  });

  it('nested without end is refused and breaks nothing', () => {
    for (const text of ['['.repeat(1_000_000), `${'['.repeat(500_000)}${']'.repeat(500_000)}`, '{"a":'.repeat(300_000)])
      expect(() => decodeReport(text)).toThrow(Failure);
  });
});

test('the label of an agent comes from the names that it tells', () => {
  expect(agentLabel({ nodename: 'n1', podname: 'netchecker-agent-x' })).toBe('n1-private_network');
  expect(agentLabel({ nodename: 'n1', podname: 'netchecker-agent-hostnet-x' })).toBe('n1-host_network');
  expect(agentLabel({ nodename: '', podname: '' })).toBe('-private_network');
});
