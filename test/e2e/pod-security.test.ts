// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../../src/model/report.js';
import { report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, images, kubectl, podManifest } from './kubectl.js';
import { ephemeralContainers, serverPod } from './manifests.js';
import { hintsOf } from './results.js';

const enforce = (level: string) => ({ 'pod-security.kubernetes.io/enforce': level });
const quick = ['--count', '2', '--interval', '20ms'];
const sleep = ['sh', '-c', "trap 'exit 0' TERM; sleep 2147483647 & wait"];
const tight = {
  securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: 'main',
      image: images.web,
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ],
};
let namespaces: Record<'free' | 'restricted' | 'baseline' | 'labelled' | 'policed', string>;
let policy = '';

beforeAll(async () => {
  const [free, restricted, baseline, labelled, policed] = await Promise.all([
    createNamespace('psa-free'),
    createNamespace('psa-restricted', enforce('restricted')),
    createNamespace('psa-baseline', enforce('baseline')),
    createNamespace('psa-labelled'),
    createNamespace('psa-policed'),
  ]);
  namespaces = { free, restricted, baseline, labelled, policed };
  await Promise.all([
    createReady(free, serverPod('server')),
    createReady(restricted, podManifest('tight', { spec: tight })),
    createReady(baseline, podManifest('usual')),
    createReady(
      labelled,
      podManifest('violator', { image: images.busybox, command: sleep, spec: { hostNetwork: true } }),
    ),
    createReady(policed, podManifest('policed')),
  ]);
  await kubectl(['label', 'namespace', labelled, 'pod-security.kubernetes.io/enforce=baseline']);
});
afterAll(() => Promise.all(Object.values(namespaces).map(deleteNamespace)));

async function ping(
  namespace: string,
  pod: string,
  ...flags: string[]
): Promise<{ exitCode: number | null; result: Result; hint: string }> {
  const words = ['ping', '-n', namespace, pod, `${namespaces.free}/pod/server`, ...quick, ...flags];
  const { exitCode, report: found } = await report(words);
  const [result] = found.results;
  if (result === undefined) throw new Error(JSON.stringify(found));
  return { exitCode, result, hint: hintsOf(found, result).join('\n') };
}

describe.concurrent('PodSecurity', () => {
  it.each(['restricted', 'baseline'] as const)(
    '%s refuses --raw with the controls that it violates, and what works instead does',
    async (level) => {
      const namespace = namespaces[level];
      const pod = level === 'restricted' ? 'tight' : 'usual';
      const raw = await ping(namespace, pod, '--raw');
      expect(raw.result).toMatchObject({ verdict: 'unsupported', reason: 'PodSecurityDenied', attempts: 0 });
      expect(raw.result.message).toMatch(
        new RegExp(`^PodSecurity "${level}:latest" of namespace ${namespace} refuses a tool container with NET_RAW: `),
      );
      // baseline: "non-default capabilities"; restricted: "unrestricted capabilities" and "runAsUser=0".
      expect(raw.result.message).toMatch(/capabilities \(container "netmachinery-raw-1" must not include "NET_RAW"/);
      expect(raw.hint).toContain('ping without --raw and connect');
      expect(raw.exitCode).toBe(5);
      expect(await ephemeralContainers(namespace)).toEqual({});
      const plain = await ping(namespace, pod);
      expect(plain.result).toMatchObject({ verdict: 'pass', received: 2 });
    },
  );

  it('refuses any container of a pod that violates the level itself, whatever is asked for', async () => {
    for (const flags of [[], ['--raw']]) {
      const { result, hint, exitCode } = await ping(namespaces.labelled, 'violator', ...flags);
      expect(result).toMatchObject({ verdict: 'unsupported', reason: 'PodSecurityDenied', attempts: 0 });
      expect(result.message).toBe(
        `pod ${namespaces.labelled}/violator itself violates PodSecurity "baseline:latest" of namespace ` +
          `${namespaces.labelled}, so that nothing can be added to it: host namespaces (hostNetwork=true)`,
      );
      expect(hint).toContain('-c NAME');
      expect(exitCode).toBe(5);
    }
    const own = await ping(namespaces.labelled, 'violator', '-c', 'main');
    expect(own.result).toMatchObject({ verdict: 'pass', received: 2 });
    expect(await ephemeralContainers(namespaces.labelled)).toEqual({});
  });
});

describe("a policy of the cluster's own", () => {
  beforeAll(async () => {
    policy = namespaces.policed;
    const spec = {
      matchConstraints: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': policy } },
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['pods/ephemeralcontainers'] },
        ],
      },
      validations: [{ expression: 'false', message: 'debug containers need a ticket' }],
    };
    const api = { apiVersion: 'admissionregistration.k8s.io/v1', metadata: { name: policy } };
    const items = [
      { ...api, kind: 'ValidatingAdmissionPolicy', spec },
      { ...api, kind: 'ValidatingAdmissionPolicyBinding', spec: { policyName: policy, validationActions: ['Deny'] } },
    ];
    await kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  });
  afterAll(() =>
    kubectl(['delete', 'validatingadmissionpolicy,validatingadmissionpolicybinding', policy, '--ignore-not-found']),
  );

  it('is quoted, and not taken for a missing permission', async () => {
    // The API server takes up to a second or two to know of a new policy.
    const refusal = expect.stringContaining('debug containers need a ticket') as string;
    const patch = JSON.stringify({ spec: { ephemeralContainers: [{ name: 'x', image: images.web }] } });
    const dryRun = ['patch', 'pod', '-n', policy, 'policed', '--subresource=ephemeralcontainers', '-p', patch];
    await expect
      .poll(() => kubectl([...dryRun, '--dry-run=server']).catch(String), { timeout: 30_000 })
      .toEqual(refusal);
    const { result, hint, exitCode } = await ping(policy, 'policed');
    expect(result).toMatchObject({ verdict: 'error', reason: 'Forbidden', message: refusal, attempts: 0 });
    expect(hint).toContain('a policy of the cluster refuses the tool container');
    expect(hint).not.toContain('needs: patch');
    expect(exitCode).toBe(3);
    expect(await ephemeralContainers(policy)).toEqual({});
  });
});
