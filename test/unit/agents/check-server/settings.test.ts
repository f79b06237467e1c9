// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSettings, usualSettings } from '../../../../src/agents/check-server/settings.js';
import { settingsObject } from '../../../../src/check/objects/settings.js';
import { Failure } from '../../../../src/errors/failure.js';

describe('settings of the server', () => {
  it('are as usual where they say nothing', () => {
    expect(readSettings('{}')).toEqual(usualSettings);
  });

  it('are those that are installed', () => {
    const toleration = { key: 'a', operator: 'Exists' as const };
    const selection = { nodeSelector: { pool: 'a' }, tolerations: [toleration], includeUnschedulable: true };
    const check = {
      intervalMs: 5000,
      neighbours: 0,
      payloadEntries: 10,
      externalName: 'example.com',
      urls: ['http://a'],
    };
    const { data } = settingsObject({
      image: '',
      imagePullSecrets: [],
      selection,
      settings: check,
      networks: ['pod'],
      legacyApi: true,
      nodePort: false,
      apiPorts: [],
    }) as unknown as { data: Record<string, string> };
    expect(readSettings(data['settings.json'] ?? '')).toEqual({ check, selection, networks: ['pod'], legacyApi: true });
  });

  it.each([
    'null',
    '[]',
    '{',
    '{"intervalMs":999}',
    '{"intervalMs":"15s"}',
    '{"neighbours":1.5}',
    '{"urls":"http://a"}',
    '{"networks":["bridge"]}',
    '{"selection":{"nodeSelector":{"a":1}}}',
    '{"selection":{"tolerations":["all"]}}',
  ])('are refused as %s', (text) => {
    expect(() => readSettings(text)).toThrow(Failure);
  });

  it('fail in no other way, whatever they are', () => {
    const names = [...Object.keys(usualSettings.check), 'selection', 'networks', 'legacyApi', 'externalName'];
    const anything = fc.dictionary(fc.constantFrom(...names), fc.jsonValue());
    fc.assert(
      fc.property(anything, (fields) => {
        try {
          const { check } = readSettings(JSON.stringify(fields));
          expect(check.intervalMs).toBeGreaterThanOrEqual(1000);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'usage' });
        }
      }),
    );
  });
});
