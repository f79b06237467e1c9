// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneShotCommand, readOneShotLine, type OneShotLine } from '../../../src/kube/one-shot-script.js';

/** What the kubelet makes of a container's command: `$$` is one `$` (expansion.go); there are no variables here. */
const expanded = (words: string[]) => words.map((word) => word.replaceAll('$$', '$'));

/** The log of a one-shot container as the two streams that are one there, and how long it took. */
function run(argv: string[], limitSeconds = 20): Promise<{ lines: OneShotLine[]; ms: number }> {
  const [command = '', ...words] = expanded(oneShotCommand(argv, limitSeconds, '@end-4711'));
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('exit', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({ lines: text.trimEnd().split('\n').map(readOneShotLine), ms: performance.now() - startedMs });
    });
  });
}

const texts = (lines: OneShotLine[], kind: OneShotLine['kind']) =>
  lines.flatMap((line) => (line.kind === kind && 'text' in line ? [line.text] : []));

describe('a one-shot command', () => {
  it('tells its start, the lines of both streams in their order, and its exit code', async () => {
    const script = 'for i in 1 2 3; do echo "out $i"; echo "err $i" >&2; done; exit 7';
    const { lines } = await run(['sh', '-c', script]);
    expect(lines[0]).toEqual({ kind: 'started' });
    expect(texts(lines, 'stdout')).toEqual(['out 1', 'out 2', 'out 3']);
    expect(texts(lines, 'stderr')).toEqual(['err 1', 'err 2', 'err 3']);
    expect(lines.at(-1)).toEqual({ kind: 'ended', exitCode: 7 });
  });

  it('keeps blanks, backslashes and a last line without its end', async () => {
    const { lines } = await run(['printf', '%s', '  a\\tb $(id) $HOME \n\n last']);
    expect(texts(lines, 'stdout')).toEqual(['  a\\tb $(id) $HOME ', '', ' last']);
  });

  it('gets its words as they were given, whatever a kubelet would replace in them', async () => {
    const word = fc.stringMatching(/^[$()A-Z@ "'\\`;a-z]{0,12}$/);
    await fc.assert(
      fc.asyncProperty(word, async (given) => {
        const { lines } = await run(['printf', '%s\\n', given]);
        expect(texts(lines, 'stdout')).toEqual([given]);
      }),
      { numRuns: 20 },
    );
  });

  it('ends at its limit', async () => {
    const { lines, ms } = await run(['sleep', '30'], 1);
    expect(lines.at(-1)).toEqual({ kind: 'ended', exitCode: 124 });
    expect(ms).toBeLessThan(10_000);
  });

  it('does not wait for a process that is left behind with its output open', async () => {
    const { lines, ms } = await run(['sh', '-c', 'sleep 9 & echo ready']);
    expect(texts(lines, 'stdout')).toEqual(['ready']);
    expect(lines.at(-1)).toEqual({ kind: 'ended', exitCode: 0 });
    expect(ms).toBeLessThan(8000);
  });

  it('says that there is more than is kept, and cuts long lines', async () => {
    const endless = await run([
      'sh',
      '-c',
      'yes 0123456789012345678901234567890123456789012345678901234567 | head -n 90000',
    ]);
    expect(endless.lines.filter(({ kind }) => kind === 'truncated')).toHaveLength(1);
    expect(texts(endless.lines, 'stdout').length).toBeLessThan(80_000);
    expect(endless.lines.at(-1)).toMatchObject({ kind: 'ended' });
    const wide = await run(['printf', '%050000d\n', '0']);
    expect(texts(wide.lines, 'stdout').map(({ length }) => length)).toEqual([16_384]);
  }, 60_000);

  it('is read without trust: what is no line of ours is nothing', () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        const said = readOneShotLine(line);
        expect(['started', 'stdout', 'stderr', 'truncated', 'ended', 'other']).toContain(said.kind);
      }),
    );
    expect(readOneShotLine('=x')).toEqual({ kind: 'other' });
  });
});
