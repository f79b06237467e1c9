// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Pod } from '../../src/kube/objects.js';

/** The images of the test cluster. */
export const images = {
  web: 'docker.io/netmachinery-test/web:1',
  static: 'docker.io/netmachinery-test/static:1',
  toolbox: 'docker.io/netmachinery-test/toolbox:1',
  busybox: 'docker.io/netmachinery-test/busybox:1',
  /** Named by its content; the cluster's set-up says how. */
  get agent(): string {
    return process.env['NETMACHINERY_AGENT_IMAGE'] ?? '';
  },
};

/** Runs the real kubectl; throws with its stderr when it fails. */
export function kubectl(args: readonly string[], stdin?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', args, { stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`kubectl ${args.join(' ')}: ${stderr}`));
    });
    child.stdin?.end(stdin);
  });
}

export async function getPod(namespace: string, name: string): Promise<Pod> {
  return JSON.parse(await kubectl(['get', 'pod', '-n', namespace, name, '-o', 'json'])) as Pod;
}

/** A namespace of one test file; its service account is there when this returns. */
export async function createNamespace(prefix: string, labels: Record<string, string> = {}): Promise<string> {
  const name = `${prefix}-${randomBytes(3).toString('hex')}`;
  const metadata = { name, labels: { 'netmachinery.test/purpose': 'test', ...labels } };
  await kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata }));
  await kubectl(['wait', '--for=create', '-n', name, 'serviceaccount/default', '--timeout=30s']);
  return name;
}

/** Deletes without waiting: the next test does not care. */
export async function deleteNamespace(name: string): Promise<void> {
  await kubectl(['delete', 'namespace', name, '--wait=false']);
}

export interface PodOptions {
  image?: string;
  node?: string;
  labels?: Record<string, string>;
  command?: string[];
  spec?: object;
}

/** Where pods go that do not say: `NETMACHINERY_TEST_NODE=node2` tries what a test says on the other kernel. */
const usualNode = process.env['NETMACHINERY_TEST_NODE'] ?? 'node1';

/** A pod's manifest: the test cluster's web server unless said otherwise, gone at once when deleted. */
export function podManifest(name: string, options: PodOptions = {}): object {
  const { image = images.web, node = usualNode, labels = { app: name }, command, spec = {} } = options;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels },
    spec: {
      terminationGracePeriodSeconds: 1,
      nodeSelector: { 'kubernetes.io/hostname': node },
      containers: [{ name: 'main', image, ...(command === undefined ? {} : { command }) }],
      ...spec,
    },
  };
}

/** What objects are waited for: on node2, a slow processor that others may have just now, whatever it takes. */
function patience(objects: readonly object[]): string {
  return JSON.stringify(objects).includes('"kubernetes.io/hostname":"node2"') ? '--timeout=400s' : '--timeout=90s';
}

interface Made {
  kind: string;
  metadata: { name: string };
}

/** The manifests of what createAnew has made, by namespace and `KIND/NAME`. */
const made = new Map<string, object>();

function keyOf(namespace: string, object: object): string {
  const { kind, metadata } = object as Made;
  return `${namespace}/${kind}/${metadata.name}`;
}

/** The manifest with which createAnew has made a pod. */
export function madePod(namespace: string, name: string): object {
  const manifest = made.get(`${namespace}/Pod/${name}`);
  if (manifest === undefined) throw new Error(`nobody has made a pod ${name} in ${namespace}`);
  return manifest;
}

/**
 * Creates objects in a namespace; returns `KIND/NAME` of each. What this has made there before is deleted first: a test that
 * makes something makes it anew where it is tried again.
 */
export async function createAnew(namespace: string, ...objects: object[]): Promise<string[]> {
  const listOf = (items: object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const again = objects.filter((object) => made.has(keyOf(namespace, object)));
  if (again.length > 0) {
    // With the pods of workloads; of others the garbage collector may not have heard yet.
    const hasPods = again.some((object) => (object as { spec?: { template?: object } }).spec?.template !== undefined);
    const cascade = `--cascade=${hasPods ? 'foreground' : 'background'}`;
    const how = ['--ignore-not-found', '--now', cascade, patience(again)];
    await kubectl(['delete', '-n', namespace, ...how, '-f', '-'], listOf(again));
  }
  for (const object of objects) made.set(keyOf(namespace, object), object);
  const created = await kubectl(['create', '-n', namespace, '-o', 'name', '-f', '-'], listOf(objects));
  return created.trim().split('\n');
}

/** Kinds whose pods have names of their own. */
const rolledOut = /^(deployment|statefulset|daemonset)\./;

/** Creates objects as createAnew does, and waits until their pods are ready. */
export async function createReady(namespace: string, ...objects: object[]): Promise<void> {
  const names = await createAnew(namespace, ...objects);
  // No others: one that is just going away is never ready again.
  const pods = names.filter((name) => name.startsWith('pod/'));
  const waits = names
    .filter((name) => rolledOut.test(name))
    .map((name) => kubectl(['rollout', 'status', '-n', namespace, name, patience(objects)]));
  if (pods.length > 0) {
    waits.push(kubectl(['wait', '-n', namespace, '--for=condition=Ready', ...pods, patience(objects)]));
  }
  await Promise.all(waits);
}

/** The name of every process in a container, process 1 included. The shell that lists them is left out. */
async function processNames(namespace: string, pod: string, container: string): Promise<string[]> {
  const script =
    'for comm in /proc/[0-9]*/comm; do [ $comm = /proc/$$/comm ] || { read -r name <$comm && echo $name; }; done';
  const listed = await kubectl(['exec', '-n', namespace, pod, '-c', container, '--', 'sh', '-c', script]);
  return listed.split('\n').filter((name) => name !== '');
}

/** What a tool container does when nobody works in it. */
export const idleProcesses = ['sh', 'sleep'];

/** The processes of a pod's first tool container as soon as they satisfy a condition, else as they are after a minute: node2 is slow. */
export async function processesOnce(namespace: string, pod: string, condition: 'idle' | 'working'): Promise<string[]> {
  const giveUpMs = Date.now() + 60_000;
  for (;;) {
    const names = await processNames(namespace, pod, 'netmachinery-1').catch((): string[] => []);
    const isMet = condition === 'idle' ? names.join() === idleProcesses.join() : names.length > idleProcesses.length;
    if (isMet || Date.now() > giveUpMs) return names;
  }
}
