// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { report } from '../e2e/cli.js';

it('examples/network-test/shaped.yaml is run, and finds what there is', async () => {
  const file = join(import.meta.dirname, '../../examples/network-test/shaped.yaml');
  const { exitCode, report: found, stderr } = await report(['run', '-f', file]);
  const texts = found.results.map(({ test, verdict, message }) => `${test ?? ''}: ${verdict} ${message}`);
  expect(exitCode, [...texts, stderr].join('\n')).toBe(0);
});
