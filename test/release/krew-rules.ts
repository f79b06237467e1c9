// SPDX-License-Identifier: Apache-2.0

/** A plugin manifest, as far as krew looks at it. */
export interface KrewManifest {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: string };
  spec?: {
    version?: string;
    homepage?: string;
    shortDescription?: string;
    description?: string;
    platforms?: KrewPlatform[];
  };
}

export interface KrewPlatform {
  uri?: string;
  sha256?: string;
  bin?: string;
  files?: { from?: string; to?: string }[];
  selector?: {
    matchLabels?: Record<string, string>;
    matchExpressions?: { key: string; operator: string; values: string[] }[];
  };
}

const windowsNames = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;
const semanticVersion = /^v\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

function platformFaults({ uri, sha256 = '', bin, files, selector }: KrewPlatform): string[] {
  const { matchLabels, matchExpressions } = selector ?? {};
  const keys = [...Object.keys(matchLabels ?? {}), ...(matchExpressions ?? []).map(({ key }) => key)];
  const rules: [isBroken: boolean, fault: string][] = [
    [!uri, 'uri is missing'],
    // The index takes nothing else, and it has to come over TLS.
    [!/^https:\/\/\S+\.(?:tar\.gz|zip)$/.test(uri ?? ''), `uri ${uri ?? ''} is no .tar.gz or .zip of https`],
    [!/^[a-f0-9]{64}$/.test(sha256), `sha256 ${sha256} is not 64 lower-case hexadecimal digits`],
    [!bin, 'bin is missing'],
    [files?.length === 0, 'files is neither left out nor has any'],
    [files?.some(({ from, to }) => !from || !to) === true, 'an entry of files lacks from or to'],
    [keys.length === 0, 'the selector is empty'],
    [keys.some((key) => key !== 'os' && key !== 'arch'), `the selector asks for ${keys.join()}`],
    [matchLabels !== undefined && Object.keys(matchLabels).length === 0, 'matchLabels is empty'],
    [matchExpressions?.length === 0, 'matchExpressions is empty'],
  ];
  return rules.filter(([isBroken]) => isBroken).map(([, fault]) => fault);
}

/**
 * What krew says against a manifest whose file has a name (krew, internal/index/validation/validate.go), and what its index
 * asks for besides (krew's naming guide and plugin manifest documents). Empty if all is well.
 */
export function krewFaults(fileName: string, { apiVersion, kind, metadata, spec = {} }: KrewManifest): string[] {
  const name = metadata?.name ?? '';
  const { version = '', homepage, shortDescription = '', description, platforms = [] } = spec;
  const rules: [isBroken: boolean, fault: string][] = [
    [apiVersion !== 'krew.googlecontainertools.github.com/v1alpha2', `apiVersion ${apiVersion ?? ''}`],
    [kind !== 'Plugin', `kind ${kind ?? ''}`],
    [!/^[\w-]+$/.test(name) || windowsNames.test(name), `the name ${name} is not allowed`],
    [`${name}.yaml` !== fileName, `the name ${name} is not that of ${fileName}`],
    [name !== name.toLowerCase() || name.startsWith('kube'), `the name ${name} is against the naming guide`],
    [shortDescription === '', 'shortDescription is missing'],
    [/[\r\n]/.test(shortDescription), 'shortDescription has more than one line'],
    [
      shortDescription.length > 50 || /kubectl|kubernetes/i.test(shortDescription),
      'shortDescription is long or says kubectl',
    ],
    [!semanticVersion.test(version), `version ${version} is not semantic with a v`],
    [!homepage?.startsWith('https://'), 'homepage is missing'],
    [!description, 'description is missing'],
    [platforms.length === 0, 'there is no platform'],
  ];
  const own = rules.filter(([isBroken]) => isBroken).map(([, fault]) => fault);
  return [...own, ...platforms.flatMap((platform) => platformFaults(platform))];
}
