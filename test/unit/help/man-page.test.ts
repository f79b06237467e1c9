// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { manPages } from '../../../src/help/man-page.js';
import { markdownPages } from '../../../src/help/markdown.js';
import { pageText, roffText } from '../../../src/help/roff.js';
import { commandSurface } from '../../../src/surface/command-surface.js';
import { command, flag, surfaceOf } from './commands.js';

const pages = manPages(commandSurface, { summary: 'Tests networks.', version: '1.2.3' });

function groff(page: string): { stdout: string; stderr: string } {
  const args = ['-man', '-Tutf8', '-P-c', '-P-b', '-P-u', '-ww', '-rLL=100n'];
  const { error, stdout, stderr } = spawnSync('groff', args, { input: page, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return { stdout, stderr };
}

const hasGroff = spawnSync('groff', ['--version']).error === undefined;

describe('text in roff', () => {
  it.each([
    ['--no-headers', '\\-\\-no\\-headers'],
    ["it's", 'it\\(aqs'],
    ['... and so on', '\\&... and so on'],
    ['a\\b', 'a\\eb'],
    ['… ✓', '\\[u2026] \\[u2713]'],
  ])('%s', (text, roff) => {
    expect(roffText(text)).toBe(roff);
  });

  it('begins no paragraph where a heading does', () => {
    expect(pageText(['.SH "A"', '.PP', 'one', '.PP', 'two'])).toBe('.SH "A"\none\n.PP\ntwo\n');
  });
});

describe('man pages', () => {
  it('are one for all and one for each command', () => {
    const names = [...commandSurface.keys()].map((id) => `kubectl-netmachinery-${id.replaceAll(':', '-')}.1`);
    expect(Object.keys(pages).sort()).toEqual(['kubectl-netmachinery.1', ...names].sort());
  });

  it('hold no date, so that they are the same tomorrow', () => {
    expect(pages['kubectl-netmachinery.1']).toContain(
      '.TH "KUBECTL\\-NETMACHINERY" 1 "" "kubectl\\-netmachinery 1.2.3" "kubectl"\n',
    );
  });

  it.runIf(hasGroff)('are what groff has no warning about', () => {
    const { stdout, stderr } = groff(Object.values(pages).join(''));
    expect(stderr).toBe('');
    expect(stdout).toContain('-o, --output=FORMAT');
    expect(stdout).toContain('select(.status == "failed")\'');
    expect(stdout).toMatch(/--slot=MIN\[-MAX\]\[,packets=N\]\[,bytes=N\]/);
  });

  it.runIf(hasGroff)('show any text as it is', () => {
    const text = `.SH 'quoted' "twice" \\fB --x ~ ^ \` …`;
    const surface = surfaceOf(command('odd', { description: text, flags: [flag('x', { summary: text })] }));
    const { stdout, stderr } = groff(
      manPages(surface, { summary: 'Odd', version: '1' })['kubectl-netmachinery-odd.1'] ?? '',
    );
    expect(stderr).toBe('');
    expect(stdout.split(text).length).toBe(3);
  });
});

describe('Markdown', () => {
  it('shows any text as it is', () => {
    const surface = surfaceOf(command('odd', { description: 'a <b> *c* _d_ `e` |f|' }));
    expect(markdownPages(surface)['odd.md']).toContain('a \\<b\\> \\*c\\* \\_d\\_ \\`e\\` \\|f\\|');
  });

  it('has an index that links to every page', () => {
    const { 'README.md': index = '', ...others } = markdownPages(commandSurface);
    const links = [...index.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
    expect(links.sort()).toEqual(Object.keys(others).sort());
  });
});
