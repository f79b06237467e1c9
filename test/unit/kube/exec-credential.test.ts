// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { execCredentialSource } from '../../../src/kube/exec-credential.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'exec-credential-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('a plugin is asked anew for the credential that was refused, and not for one that it has replaced', async () => {
  const calls = join(directory, 'calls');
  const plugin = join(directory, 'plugin');
  const apiVersion = 'client.authentication.k8s.io/v1';
  const answer = JSON.stringify({ kind: 'ExecCredential', apiVersion, status: { token: 'always the same' } });
  writeFileSync(plugin, `echo x >> '${calls}'\necho '${answer}'\n`);
  const source = execCredentialSource({ apiVersion, command: 'sh', args: [plugin], interactiveMode: 'Never' }, {});
  const first = await source.current();
  expect(source.renew(first)).toBe(true);
  const second = await source.current();
  expect(source.renew(first)).toBe(true);
  await source.current();
  expect(readFileSync(calls, 'utf8')).toBe('x\n'.repeat(2));
  source.renew(second);
  await source.current();
  expect(readFileSync(calls, 'utf8')).toBe('x\n'.repeat(3));
});
