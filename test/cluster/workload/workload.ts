// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import type { Progress } from '../progress.js';
import { manualEndpoints } from './manual-endpoints.js';

export interface ApplyWorkloadOptions {
  /** Runs kubectl against the test cluster and gives its stdout; rejects when it does not end with 0. */
  kubectl: (args: string[], stdin?: string) => Promise<string>;
  progress: Progress;
}

const namespaces = ['shop', 'bank', 'tight'];
const manifests = ['shop.yaml', 'unusual-services.yaml', 'unusual-pods.yaml', 'bank.yaml', 'tight.yaml'];

/** What `kubectl wait` is told until everything that is meant to run does; `crashing` and `pending` never will. */
const readiness = [
  ['--namespace=shop', '--for=condition=Available', 'deployment/web', 'deployment/api'],
  [
    '--namespace=shop',
    '--for=condition=Ready',
    'pod/distroless',
    'pod/dropper',
    'pod/host-network',
    'pod/nonroot',
    'pod/busybox',
  ],
  ['--namespace=bank', '--for=jsonpath={.status.readyReplicas}=1', 'statefulset/db'],
  ['--namespace=tight', '--for=condition=Available', 'deployment/secure'],
];

/**
 * Brings the namespaces shop, bank and tight to what the manifests beside this file say, and returns when every pod that
 * is meant to be ready is. May be repeated: what is there already stays as it is. Needs the images of ensureImages on node1.
 */
export async function applyWorkload({ kubectl, progress }: ApplyWorkloadOptions): Promise<void> {
  progress('workload: applying');
  await apply(kubectl, await manifest('namespaces.yaml'));
  // Pods are refused until the controller manager has made their namespace's service account.
  await Promise.all(
    namespaces.map((namespace) =>
      kubectl(['wait', `--namespace=${namespace}`, '--for=create', 'serviceaccount/default', '--timeout=30s']),
    ),
  );
  const documents = [...(await Promise.all(manifests.map(manifest))), manualEndpoints(await addressOfNode1(kubectl))];
  await apply(kubectl, documents.join('\n---\n'));
  progress('workload: waiting for pods');
  await Promise.all(readiness.map((words) => kubectl(['wait', ...words, '--timeout=60s'])));
}

/** The pod `shop/on-node2`, for a cluster whose node2 is up; returns when it is ready, which in that slow guest takes a while. */
export async function applyNode2Workload({ kubectl, progress }: ApplyWorkloadOptions): Promise<void> {
  progress('workload: applying on node2');
  await apply(kubectl, await manifest('node2.yaml'));
  await kubectl(['wait', '--namespace=shop', '--for=condition=Ready', 'pod/on-node2', '--timeout=240s']);
}

async function apply(kubectl: ApplyWorkloadOptions['kubectl'], documents: string): Promise<void> {
  await kubectl(
    ['apply', '--server-side', '--force-conflicts', '--field-manager=netmachinery-test', '--filename=-'],
    documents,
  );
}

async function manifest(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8');
}

async function addressOfNode1(kubectl: ApplyWorkloadOptions['kubectl']): Promise<string> {
  const internalAddresses = '{.status.addresses[?(@.type=="InternalIP")].address}';
  const addresses = await kubectl(['get', 'node', 'node1', `--output=jsonpath=${internalAddresses}`]);
  const [first = ''] = addresses.trim().split(' ');
  return first;
}
