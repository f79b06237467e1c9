// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

interface Manifest {
  commands: Record<string, { flags: Record<string, { name: string }> }>;
}

/** The manifest as a module: each distinct flag once, as JSON, which V8 reads faster than the same as an expression. */
function internedModule(text: string): string {
  const manifest = JSON.parse(text) as Manifest;
  const places = new Map<string, number>();
  const placeOf = (flag: object) => {
    const json = JSON.stringify(flag);
    const place = places.get(json) ?? places.size;
    places.set(json, place);
    return place;
  };
  const commands = Object.fromEntries(
    Object.entries(manifest.commands).map(([id, command]) => {
      const misnamed = Object.entries(command.flags).find(([name, flag]) => flag.name !== name);
      if (misnamed !== undefined) throw new Error(`flag ${misnamed[0]} of ${id} has another name in the manifest`);
      return [id, { ...command, flags: Object.values(command.flags).map(placeOf) }];
    }),
  );
  const json = JSON.stringify({ ...manifest, commands });
  return `
    const flags = JSON.parse(${JSON.stringify(`[${[...places.keys()].join(',')}]`)});
    const manifest = JSON.parse(${JSON.stringify(json)});
    for (const command of Object.values(manifest.commands))
      command.flags = Object.fromEntries(command.flags.map((place) => [flags[place].name, flags[place]]));
    export default manifest;`;
}

/** Most flags are flags of many commands: bundles hold each once. Whoever imports the manifest sees it as it is written. */
export const internedManifest: Plugin = {
  name: 'interned-manifest',
  setup(build) {
    build.onLoad({ filter: /[\\/]oclif\.manifest\.json$/ }, async ({ path }) => ({
      contents: internedModule(await readFile(path, 'utf8')),
    }));
  },
};
