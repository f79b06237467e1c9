// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import prettier from 'prettier';
import { manPages } from '../src/help/man-page.js';
import { markdownPages } from '../src/help/markdown.js';
import { commandSurface, pluginSummary } from '../src/surface/command-surface.js';
import { version } from '../src/version.js';
import { goneFacts, surfaceFacts } from './surface-facts.js';

const root = join(import.meta.dirname, '..');

/** Folders in which nothing lies but what is written here. */
export const documentFolders = ['docs/commands', 'man'];

const snapshotHead = '# What users may rely on; see scripts/surface-facts.ts. Written by `npm run manifest`.\n';
const snapshotFile = join(root, 'plugins-manifest/command-surface.txt');

/** The facts that the snapshot of the command surface holds. */
export function snapshotFacts(): string[] {
  if (!existsSync(snapshotFile)) return [];
  return readFileSync(snapshotFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** The command reference and the man pages, by their paths. */
export async function documents(): Promise<Record<string, string>> {
  const options = { ...(await prettier.resolveConfig(join(root, 'package.json'))), parser: 'markdown' };
  const pages = Object.entries(markdownPages(commandSurface)).map(
    async ([name, text]) => [`docs/commands/${name}`, await prettier.format(text, options)] as const,
  );
  const man = Object.entries(manPages(commandSurface, { summary: pluginSummary, version }));
  return Object.fromEntries([
    ...(await Promise.all(pages)),
    ...man.map(([name, text]) => [`man/${name}`, text] as const),
  ]);
}

async function writeDocuments(): Promise<void> {
  const texts = await documents();
  for (const folder of documentFolders) {
    mkdirSync(join(root, folder), { recursive: true });
    const stale = readdirSync(join(root, folder)).filter((name) => !(`${folder}/${name}` in texts));
    for (const name of stale) rmSync(join(root, folder, name));
  }
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** Writes the snapshot, unless something would go from it that nobody has agreed to. */
function writeSnapshot(allowRemoval: boolean): void {
  const facts = surfaceFacts(commandSurface.values());
  const gone = goneFacts(snapshotFacts(), facts);
  if (gone.length > 0 && !allowRemoval) {
    process.stderr.write(
      `error: scripts may rely on what is gone from the commands:\n${gone.map((fact) => `  ${fact}\n`).join('')}` +
        'hint: bring it back, or accept it: npm run manifest -- --allow-removal\n',
    );
    process.exitCode = 1;
    return;
  }
  writeFileSync(snapshotFile, `${snapshotHead}${facts.join('\n')}\n`);
}

if (process.argv[1] === import.meta.filename) {
  await writeDocuments();
  writeSnapshot(process.argv.includes('--allow-removal'));
}
