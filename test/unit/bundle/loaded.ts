// SPDX-License-Identifier: Apache-2.0
import type { Metafile } from 'esbuild';

/** What is loaded for an answer: files of the bundle, and the bytes of each module in them. */
export interface Loaded {
  files: ReadonlySet<string>;
  modules: ReadonlyMap<string, number>;
}

function fileOf({ outputs }: Metafile, source: string): string {
  const found = Object.keys(outputs).find((file) => outputs[file]?.entryPoint === source);
  if (found === undefined) throw new Error(`nothing in the bundle begins with ${source}`);
  return found;
}

/** Whether something is loaded by itself, on first use. */
export function isLoadedLazily({ outputs }: Metafile, source: string): boolean {
  return Object.values(outputs).some(({ entryPoint }) => entryPoint === source);
}

/** What is loaded with these sources: their files, and all that these need at once. */
export function loadedWith(metafile: Metafile, sources: readonly string[]): Loaded {
  const files = new Set(sources.map((source) => fileOf(metafile, source)));
  const modules = new Map<string, number>();
  // A set hands out what is added while it is walked.
  for (const file of files) {
    const { imports = [], inputs = {} } = metafile.outputs[file] ?? {};
    for (const { kind, path, external } of imports) {
      if (kind === 'import-statement' && external !== true) files.add(path);
    }
    for (const [module, { bytesInOutput }] of Object.entries(inputs)) modules.set(module, bytesInOutput);
  }
  return { files, modules };
}

/** The package that a module is of; undefined for one of ours. */
export function packageOf(module: string): string | undefined {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(module)?.[1];
}

/** What takes the room: packages, folders of ours and how much of it, the largest first. */
export function largest({ modules }: Loaded): string {
  const bytes = new Map<string, number>();
  for (const [module, count] of modules) {
    const name = packageOf(module) ?? module;
    bytes.set(name, (bytes.get(name) ?? 0) + count);
  }
  const sorted = [...bytes].sort(([, a], [, b]) => b - a).slice(0, 15);
  return sorted.map(([name, count]) => `${String(count).padStart(9)} ${name}`).join('\n');
}
