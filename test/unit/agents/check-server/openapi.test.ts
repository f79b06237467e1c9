// SPDX-License-Identifier: Apache-2.0
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openApi } from '../../../../src/agents/check-server/openapi.js';
import { reportOf } from '../../../../src/agents/check-server/read-report.js';
import { anyReport } from './reports.js';

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
ajv.addSchema(openApi, 'openapi');
const schemaOf = (name: string) => {
  const validate = ajv.getSchema(`openapi#/components/schemas/${name}`);
  if (validate === undefined) throw new Error(`no schema ${name}`);
  return validate;
};

describe('the description of the API', () => {
  it('names each schema that it refers to', () => {
    const names = new Set(Object.keys(openApi.components.schemas));
    const refs = [...JSON.stringify(openApi).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name ?? '',
    );
    expect(refs.length).toBeGreaterThan(10);
    expect(refs.filter((name) => !names.has(name))).toEqual([]);
    for (const name of names) expect(() => schemaOf(name), name).not.toThrow();
  });

  it('says of reports what the server takes', () => {
    const validate = schemaOf('Report');
    fc.assert(
      fc.property(anyReport, (report) => {
        const sent = JSON.parse(JSON.stringify(report)) as object;
        expect(validate(reportOf(sent, 'it')), JSON.stringify(validate.errors)).toBe(true);
      }),
    );
    expect(validate({ kind: 'CheckAgentReport' })).toBe(false);
  });

  it('has an answer in words for each way to be refused', () => {
    const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
      Object.entries<object>(methods).flatMap(([method, operation]) =>
        'responses' in operation ? [{ name: `${method} ${path}`, responses: operation.responses as object }] : [],
      ),
    );
    expect(operations).toHaveLength(9);
    for (const { name, responses } of operations) {
      const statuses = Object.keys(responses);
      expect(statuses, name).toContain('200');
      if (!name.endsWith('openapi.json')) expect(statuses, name).toEqual(expect.arrayContaining(['401', '403', '503']));
    }
  });
});
