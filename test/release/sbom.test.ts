// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../src/version.js';
import { releaseFile } from './made-release.js';

interface Bom {
  specVersion: string;
  components: { name: string; group?: string; purl: string; hashes: { content: string }[]; licenses: object[] }[];
}

let bom: Bom;
beforeAll(async () => {
  bom = JSON.parse(await readFile(releaseFile(`kubectl-netmachinery_v${version}.cdx.json`), 'utf8')) as Bom;
});

/** The schemas that come with the library (CycloneDX' own). */
async function schema(name: string): Promise<object> {
  const library = createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json');
  return JSON.parse(
    await readFile(join(dirname(library), 'res/schema', `${name}.SNAPSHOT.schema.json`), 'utf8'),
  ) as object;
}

describe('the bill of materials', () => {
  it('is valid by the schema of CycloneDX 1.6', async () => {
    const ajv = new Ajv({ strict: false, validateFormats: true });
    addFormats.default(ajv);
    // International forms, which Ajv's formats lack.
    ajv.addFormat('idn-email', true).addFormat('iri-reference', true);
    const [main, spdx, signature] = await Promise.all(['bom-1.6', 'spdx', 'jsf-0.82'].map(schema));
    ajv.addSchema(spdx ?? {}, 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json');
    ajv.addSchema(signature ?? {}, 'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json');
    const validate = ajv.compile(main ?? {});
    expect(validate(bom), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...bom, components: [{ name: 'typeless' }] })).toBe(false);
  });

  it('has nothing of chance or time in it, and each component has a licence, a URL and a hash', () => {
    expect(bom.specVersion).toBe('1.6');
    expect(bom).not.toHaveProperty('serialNumber');
    expect(JSON.stringify(bom)).not.toContain('timestamp');
    for (const { purl, hashes, licenses } of bom.components) {
      expect(purl).toMatch(/^pkg:npm\/\S+@\d/);
      expect(hashes[0]?.content).toMatch(/^[0-9a-f]{128}$/);
      expect(licenses).toHaveLength(1);
    }
  });

  it('names what is in the program and the runtimes, and none of the tools', () => {
    const names = bom.components.map(({ group, name }) => (group === undefined ? name : `${group}/${name}`));
    expect(names).toEqual(expect.arrayContaining(['@kubernetes/client-node', 'yaml', '@oven/bun-darwin-x64']));
    expect(names).not.toContain('vitest');
  });
});
