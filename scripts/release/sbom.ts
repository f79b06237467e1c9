// SPDX-License-Identifier: Apache-2.0
import { ComponentType, HashAlgorithm } from '@cyclonedx/cyclonedx-library/Enums';
import { Bom, Component, HashDictionary, LicenseRepository, SpdxLicense } from '@cyclonedx/cyclonedx-library/Models';
import { JSON as Json, JsonSerializer } from '@cyclonedx/cyclonedx-library/Serialize';
import { Spec1dot6 } from '@cyclonedx/cyclonedx-library/Spec';
import type { BundledPackage } from './bundled-packages.js';
import { repositoryUrl } from './repository-url.js';

function packageUrl(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function library({ name, version, licence, sha512 }: Omit<BundledPackage, 'texts'>, type = ComponentType.Library) {
  const [, scope, plain = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  const purl = packageUrl(name, version);
  return new Component(type, plain, {
    ...(scope === undefined ? {} : { group: scope }),
    version,
    purl,
    bomRef: purl,
    licenses: new LicenseRepository([new SpdxLicense(licence)]),
    hashes: new HashDictionary([[HashAlgorithm['SHA-512'], sha512]]),
  });
}

/**
 * The software bill of materials of all archives: what is in the program, with the runtimes. The same packages give the same
 * text: it has neither a serial number nor a time.
 */
export function billOfMaterials(
  version: string,
  packages: readonly BundledPackage[],
  runtimes: readonly Omit<BundledPackage, 'texts'>[],
): string {
  const program = new Component(ComponentType.Application, 'kubectl-netmachinery', {
    version,
    purl: packageUrl('kubectl-netmachinery', version),
    bomRef: packageUrl('kubectl-netmachinery', version),
    licenses: new LicenseRepository([new SpdxLicense('Apache-2.0')]),
    description: `Tests, shapes and watches pod networks from the user's own pods (${repositoryUrl})`,
  });
  const bom = new Bom();
  bom.metadata.component = program;
  const components = [
    ...packages.map((each) => library(each)),
    ...runtimes.map((each) => library(each, ComponentType.Platform)),
  ];
  for (const component of components) {
    bom.components.add(component);
    program.dependencies.add(component.bomRef);
  }
  const serializer = new JsonSerializer(new Json.Normalize.Factory(Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}
