// SPDX-License-Identifier: Apache-2.0
import { compileFunction } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundlePlugin, entryFile, type PluginBundle } from '../../../scripts/plugin-bundle.js';
import { commandModules } from '../../../src/commands/registry.js';
import { isLoadedLazily, largest, loadedWith, packageOf, type Loaded } from './loaded.js';

const kib = 1024;
let bundle: PluginBundle;

// A second, unless both cores are busy.
beforeAll(async () => {
  bundle = await bundlePlugin();
}, 60_000);

/** As it is written: the chunks of CommonJS, not what esbuild made them of. */
function bytesOf({ files }: Loaded): number {
  return [...files].reduce(
    (sum, file) => sum + Buffer.byteLength(bundle.files.get(file.slice('dist/node/'.length)) ?? ''),
    0,
  );
}

interface Limits {
  kib: number;
  modules: number;
}

function expectWithin(answer: string, loaded: Loaded, limits: Limits): void {
  const bytes = bytesOf(loaded);
  const { size } = loaded.modules;
  const found = `${(bytes / kib).toFixed(1)} KiB of ${size} modules in ${loaded.files.size} files`;
  const words = `${answer} loads ${found}; the budget is ${limits.kib} KiB and ${limits.modules} modules.\n${largest(loaded)}\n`;
  expect(bytes, words).toBeLessThanOrEqual(limits.kib * kib);
  expect(size, words).toBeLessThanOrEqual(limits.modules);
}

/** The files of a command: what oclif reads its words by, and what it does, loaded once its words are read. */
function sourcesOf(id: string): string[] {
  const name = `src/commands/${id.replaceAll(':', '-')}`;
  return [`${name}.ts`, `${name}-command.ts`].filter((source) => isLoadedLazily(bundle.metafile, source));
}

/** Answers that load neither oclif nor what speaks with a cluster, and the sources that each begins with. */
const answers: [answer: string, sources: readonly string[], limits: Limits][] = [
  ['version --client', [], { kib: 16, modules: 16 }],
  ["__complete '' of commands and flags", ['src/completion/complete.ts'], { kib: 144, modules: 40 }],
  ['--help', ['src/help/asked-help.ts', 'src/commands/answer-help.ts'], { kib: 160, modules: 60 }],
];

/** Commands that read files, and what reads YAML with its places and aliases is large; so is what tells suites. */
const largeCommands: Partial<Record<string, Limits>> = {
  run: { kib: 800, modules: 560 },
  shape: { kib: 600, modules: 350 },
  validate: { kib: 480, modules: 330 },
};

describe('what is loaded before anything is answered', () => {
  it.each(answers)('%s', (answer, sources, limits) => {
    const loaded = loadedWith(bundle.metafile, ['src/main.ts', ...sources]);
    expectWithin(answer, loaded, limits);
    expect([...loaded.modules.keys()].map(packageOf)).not.toContain('@oclif/core');
    expect([...loaded.modules.keys()].filter((module) => module.startsWith('src/kube/'))).toEqual([]);
  });

  it('the first file is small', () => {
    expect(Buffer.byteLength(bundle.files.get(entryFile) ?? '')).toBeLessThanOrEqual(8 * kib);
  });

  it.each(Object.keys(commandModules))('%s', (id) => {
    const [words = '', ...work] = sourcesOf(id);
    const first = ['src/main.ts', 'src/program.ts', words];
    expectWithin(`${id}, to read its words,`, loadedWith(bundle.metafile, first), { kib: 208, modules: 110 });
    const loaded = loadedWith(bundle.metafile, [...first, ...work]);
    expectWithin(id, loaded, largeCommands[id] ?? { kib: 400, modules: 300 });
  });
});

it('Kubernetes’ client library is loaded for what authenticates users, and for nothing else', () => {
  const { outputs } = bundle.metafile;
  const holding = Object.values(outputs).filter(({ inputs }) =>
    Object.keys(inputs).some((module) => packageOf(module) === '@kubernetes/client-node'),
  );
  expect(holding.map(({ entryPoint }) => entryPoint)).toEqual(['src/kube/auth-provider.ts']);
});

it('all of it is no larger than it was', () => {
  const bytes = [...bundle.files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const all = loadedWith(
    bundle.metafile,
    Object.values(bundle.metafile.outputs).flatMap(({ entryPoint }) => entryPoint ?? []),
  );
  expect(bytes, `dist/node holds ${(bytes / 1e6).toFixed(2)} MB.\n${largest(all)}\n`).toBeLessThanOrEqual(3e6);
});

it('every file is CommonJS: Node.js takes twice as long to load a chunk as an ES module', () => {
  for (const [path, text] of bundle.files) {
    if (path.endsWith('.js')) expect(() => compileFunction(text.replace(/^#!.*/, '')), path).not.toThrow();
  }
});
