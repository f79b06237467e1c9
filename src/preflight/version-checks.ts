// SPDX-License-Identifier: Apache-2.0
import { releaseOf, type ServerVersion } from '../kube/server-version.js';
import type { Node } from '../kube/objects.js';
import type { Check } from '../model/preflight.js';

/** The release that this version of ours is tested with. */
const tried = { major: 1, minor: 34 };
/** Ephemeral containers: on by default from 1.23, stable from 1.25 on (KEP-277). */
const firstWithEphemeral = 23;
const firstStable = 25;
/** SelfSubjectReview is v1 from 1.28 on (KEP-3325). */
const firstWithIdentity = 28;

/** Whether the server's release is one that we can work with. */
export function serverVersionCheck({ text, release }: ServerVersion): Check {
  const check = 'server version';
  const triedText = `v${tried.major}.${tried.minor}`;
  if (release === undefined) return { check, status: 'unknown', detail: `${text}: no release can be read from it` };
  const { major, minor } = release;
  if (major === 1 && minor < firstWithEphemeral) {
    const detail = `${text}: ephemeral containers came with v1.${firstWithEphemeral}`;
    return { check, status: 'failed', cause: 'unsupported', detail, action: 'use -c NAME, or upgrade the cluster' };
  }
  if (major === 1 && minor < firstStable) {
    const detail = `${text}: ephemeral containers are beta before v1.${firstStable}, and may be switched off`;
    return { check, status: 'warning', detail, action: 'upgrade the cluster' };
  }
  if (major > tried.major || minor > tried.minor) {
    return { check, status: 'ok', detail: `${text}: newer than ${triedText}, which this release is tested with` };
  }
  if (minor === tried.minor) return { check, status: 'ok', detail: `${text}: this release is tested with it` };
  const identity = minor < firstWithIdentity ? '; who added a tool container is not written down before v1.28' : '';
  return {
    check,
    status: 'ok',
    detail: `${text}: older than ${triedText}, which this release is tested with${identity}`,
  };
}

/** Whether the API server offers the subresource at all. */
export function ephemeralContainersCheck(resources: readonly { name: string; verbs: readonly string[] }[]): Check {
  const check = 'ephemeral containers';
  const found = resources.find(({ name }) => name === 'pods/ephemeralcontainers');
  if (found?.verbs.includes('patch') === true) return { check, status: 'ok', detail: 'the server offers them' };
  return {
    check,
    status: 'failed',
    cause: 'unsupported',
    detail: 'the server does not offer pods/ephemeralcontainers',
    action: 'use -c NAME: tests in a container that the pod already has',
  };
}

/** Kubelets older than ephemeral containers would leave them lying. */
export function kubeletCheck(nodes: readonly Node[]): Check {
  const check = 'kubelets';
  const versions = new Map<string, number>();
  for (const { status } of nodes) {
    const version = status?.nodeInfo?.kubeletVersion ?? 'unknown';
    versions.set(version, (versions.get(version) ?? 0) + 1);
  }
  const detail = [...versions]
    .map(([version, count]) => `${version} on ${count} ${count === 1 ? 'node' : 'nodes'}`)
    .join(', ');
  const old = [...versions.keys()].some((version) => (releaseOf(version)?.minor ?? firstStable) < firstWithEphemeral);
  if (!old) return { check, status: 'ok', detail };
  const action = `use pods on nodes with v1.${firstWithEphemeral} or newer`;
  return { check, status: 'warning', detail: `${detail}: older ones start no ephemeral containers`, action };
}
