// SPDX-License-Identifier: Apache-2.0
import { objectName, type Applied } from '../check/install/apply-objects.js';
import { installCheck } from '../check/install/install.js';
import { installedImage } from '../check/install/installed-image.js';
import { Failure } from '../errors/failure.js';
import type { InstalledObject } from '../installation/installed-object.js';
import type { Cluster } from '../kube/cluster.js';
import { checkWords, type CheckFlags } from './flags/check.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';
import { withCluster } from './with-cluster.js';
import { wrapped } from './wrapped.js';

/** The flags of `check install`, as they were parsed. Times in ms. */
export interface CheckInstallFlags extends KubernetesFlagValues, CheckFlags {
  interval: number;
  'legacy-api': boolean;
  'node-port': boolean;
  timeout: number;
  'no-wait': boolean;
  'dry-run': string;
  output?: string | undefined;
}

const suffixes: Readonly<Record<string, string>> = { client: ' (dry run)', server: ' (server dry run)' };

/** What kubectl does not print of what it has applied either. */
function shown({ metadata, ...rest }: InstalledObject): object {
  const { apiVersion, kind, ...others } = rest;
  return { apiVersion, kind, metadata: { ...metadata, managedFields: undefined }, ...others };
}

async function textOf(objects: readonly InstalledObject[], output: string): Promise<string> {
  const values = objects.map(shown);
  if (output === 'json') {
    return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: values }, null, 2)}\n`;
  }
  const { dump } = await import('js-yaml');
  const options = { lineWidth: -1, noRefs: true, skipInvalid: true };
  return values.map((value) => dump(JSON.parse(JSON.stringify(value)), options)).join('---\n');
}

/** The image that was asked for; where none was, that of the check that is installed. */
async function withImage(cluster: Cluster, flags: CheckInstallFlags, signal: AbortSignal): Promise<CheckInstallFlags> {
  if ((flags['agent-image'] ?? '').trim() !== '') return flags;
  return { ...flags, 'agent-image': await installedImage(cluster, signal) };
}

/** `check install`: flags to a check that runs, or to its objects. */
export async function checkInstallCommand(words: string[], flags: CheckInstallFlags): Promise<void> {
  if (words.length > 0) throw new Failure('usage', `unexpected argument: ${words[0] ?? ''}`);
  if (flags['node-port'] && !flags['legacy-api']) {
    throw new Failure('usage', '--node-port is of the legacy API: give --legacy-api as well');
  }
  // What is wrong with the words is told before the cluster is asked.
  checkWords({ ...flags, 'agent-image': flags['agent-image'] ?? 'unknown' });
  const { output } = flags;
  const dryRun = flags['dry-run'] as 'none' | 'client' | 'server';
  await withCluster(flags, async (cluster, signal, progress) => {
    const { image, imagePullSecrets, networks, selection, settings } = checkWords(
      await withImage(cluster, flags, signal),
    );
    const objects: InstalledObject[] = [];
    const onApplied = (object: InstalledObject, done: Applied) => {
      objects.push(object);
      const suffix = output === undefined ? ` ${done}${suffixes[dryRun] ?? ''}` : '';
      if (output === undefined || output === 'name') process.stdout.write(`${objectName(object)}${suffix}\n`);
    };
    await installCheck(cluster, {
      options: {
        image,
        imagePullSecrets,
        networks,
        selection,
        settings,
        legacyApi: flags['legacy-api'],
        nodePort: flags['node-port'],
      },
      dryRun,
      wait: !flags['no-wait'],
      timeoutMs: flags.timeout,
      onApplied,
      say: (line) => {
        for (const part of wrapped(line, process.stderr)) progress.line(part);
      },
      progress: (text) => progress.update(text),
      signal,
    });
    progress.stop();
    if (output === 'yaml' || output === 'json') process.stdout.write(await textOf(objects, output));
  });
}
