// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { netmachinery, report } from './cli.js';

const folder = join(import.meta.dirname, '../../examples');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));

/** What examples find in the test cluster, where not everything passes: its network enforces no policy. */
const exitCodes: Record<string, number> = { 'network-test/policies.yaml': 1 };
/** What needs a kernel with netem is run in test/node2. */
const onNode2 = ['network-test/shaped.yaml'];

describe.each(files)('examples/%s', (name) => {
  it('is valid', async () => {
    const { exitCode, stderr } = await netmachinery(['validate', '-f', join(folder, name)]);
    expect(exitCode, stderr).toBe(0);
  });
});

describe.each(files.filter((name) => !onNode2.includes(name)))('examples/%s', (name) => {
  it('is run, and finds what there is', async () => {
    const { exitCode, report: found, stderr } = await report(['run', '-f', join(folder, name)]);
    const trouble = found.results.filter(({ verdict }) => verdict !== 'pass');
    const texts = trouble.map(({ test, message }) => `${test ?? ''}: ${message}`);
    expect(exitCode, [...texts, stderr].join('\n')).toBe(exitCodes[name] ?? 0);
    expect(found.summary.total).toBeGreaterThan(0);
  });
});
