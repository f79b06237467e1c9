// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest';
import { commandModules } from '../../../src/commands/registry.js';
import { runProgram } from '../../../src/program.js';

afterEach(() => {
  vi.restoreAllMocks();
});

async function stdoutOf(...argv: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await runProgram(argv, () => undefined);
  return write.mock.calls.map(([text]) => String(text)).join('');
}

describe('a command without flags', () => {
  it('runs', async () => {
    expect(await stdoutOf('options')).toMatch(/^The following options can be passed/);
  });

  it('takes its argument', async () => {
    expect(await stdoutOf('completion', 'bash')).toContain('_kubectl_netmachinery');
  });

  it('refuses flags and words that it has not', async () => {
    await expect(stdoutOf('options', '--nosuch')).rejects.toThrow('Nonexistent flag: --nosuch');
    await expect(stdoutOf('completion', 'tcsh')).rejects.toThrow('Expected tcsh to be one of');
  });
});

it.each(Object.keys(commandModules))('%s reads its words, whether it has flags or none', async (id) => {
  let isLoaded = false;
  const run = runProgram([...id.split(':'), '--no-such-flag'], () => (isLoaded = true));
  await expect(run).rejects.toThrow('Nonexistent flag: --no-such-flag');
  expect(isLoaded).toBe(true);
});

it('says of words that are no command what they are', async () => {
  await expect(runProgram(['pnig', 'a'], () => undefined)).rejects.toMatchObject({
    message: 'unknown command "pnig"',
    hint: 'did you mean ping?',
  });
});
