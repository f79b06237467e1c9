// SPDX-License-Identifier: Apache-2.0
import type { BundledPackage } from './bundled-packages.js';
import { bunNotice } from './bun-notice.js';

const line = '='.repeat(80);

function section(title: string, texts: readonly string[]): string {
  return [line, title, line, '', texts.join('\n\n'), ''].join('\n');
}

/** The text of THIRD-PARTY-LICENSES: each package in the program with its licence; Bun too if a version is given. */
export function thirdPartyLicences(packages: readonly BundledPackage[], bunVersion?: string): string {
  const sections = packages.map(({ name, version, licence, texts }) =>
    section(`${name} ${version} (${licence})`, texts),
  );
  const runtime = bunVersion === undefined ? [] : [section(`Bun ${bunVersion} (MIT)`, [bunNotice(bunVersion)])];
  return ['kubectl-netmachinery contains software of others, under these licences.', '', ...sections, ...runtime].join(
    '\n',
  );
}
