// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectCluster } from '../../../src/kube/connect.js';
import { Failure } from '../../../src/errors/failure.js';
import { node1, services } from '../../cluster/addresses.js';
import { ensureBuilds } from '../../cluster/builds.js';
import { ensureCertificates } from '../../cluster/certificates.js';
import { fileExists } from '../../cluster/file-exists.js';
import { pathsBelow, testHome } from '../../cluster/paths.js';

const startMs = 60_000;
/** The server goes on answering for 3 s when it is to end, and what runs gets 3 s more. */
const graceMs = 15_000;

export interface PrivateControlPlane {
  /** Goes with it. */
  folder: string;
  /** Of its administrator. */
  kubeconfig: string;
  /** Writes a kubeconfig of somebody with a token. */
  kubeconfigOf: (name: string, token: string) => Promise<string>;
  stop: () => Promise<void>;
}

/**
 * An etcd and an API server beside those of the test cluster, on ports of their own and with nothing else: a thousand nodes in
 * the test cluster would each get pods of its DaemonSets. Uses the programs and certificates of the cluster.
 */
export async function startControlPlane(progress: (line: string) => void): Promise<PrivateControlPlane> {
  const paths = pathsBelow(testHome());
  const [{ kubernetes }] = await Promise.all([ensureBuilds(paths, progress), ensureCertificates(paths)]);
  const shared = '/dev/shm';
  // In memory: etcd waits for the disk at each write.
  const folder = await mkdtemp(join((await fileExists(shared)) ? shared : tmpdir(), 'netmachinery-bench-'));
  const processes: ChildProcess[] = [];
  const begin = (program: string, args: string[], flags: Record<string, string>): void => {
    const words = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    processes.push(spawn(program, [...args, ...words], { stdio: 'ignore' }));
  };
  const stop = async (): Promise<void> => {
    // The API server first: it waits for an etcd that is gone.
    for (const child of processes.toReversed()) await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  const pki = (file: string): string => join(paths.pki, file);
  try {
    const [clients, peers, api] = await freePorts(3);
    const etcd = `http://127.0.0.1:${clients}`;
    begin('/usr/bin/etcd', [], {
      'data-dir': join(folder, 'etcd'),
      'listen-client-urls': etcd,
      'advertise-client-urls': etcd,
      'listen-peer-urls': `http://127.0.0.1:${peers}`,
    });
    begin(join(kubernetes, 'kubernetes'), ['kube-apiserver'], {
      'etcd-servers': etcd,
      'bind-address': '127.0.0.1',
      'secure-port': String(api),
      'advertise-address': node1.ipv4,
      'service-cluster-ip-range': `${services.ipv4},${services.ipv6}`,
      'tls-cert-file': pki('apiserver.crt'),
      'tls-private-key-file': pki('apiserver.key'),
      'client-ca-file': pki('ca.crt'),
      'service-account-key-file': pki('sa.pub'),
      'service-account-signing-key-file': pki('sa.key'),
      'service-account-issuer': 'https://kubernetes.default.svc',
      'authorization-mode': 'RBAC',
    });
    const embedded = async (file: string): Promise<string> => (await readFile(pki(file))).toString('base64');
    const authority = await embedded('ca.crt');
    const write = async (name: string, user: object): Promise<string> => {
      const file = join(folder, `${name}.yaml`);
      const cluster = { server: `https://127.0.0.1:${api}`, 'certificate-authority-data': authority };
      const config = {
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'bench', cluster }],
        users: [{ name, user }],
        contexts: [{ name: 'bench', context: { cluster: 'bench', user: name } }],
        'current-context': 'bench',
      };
      await writeFile(file, JSON.stringify(config), { mode: 0o600 });
      return file;
    };
    const kubeconfig = await write('admin', {
      'client-certificate-data': await embedded('admin.crt'),
      'client-key-data': await embedded('admin.key'),
    });
    await ready(kubeconfig);
    return { folder, kubeconfig, kubeconfigOf: (name, token) => write(name, { token }), stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** Waits for the objects that the API server makes itself, the last of which are its roles. */
async function ready(kubeconfig: string): Promise<void> {
  const cluster = await connectCluster({ kubeconfig });
  const deadline = performance.now() + startMs;
  try {
    for (;;) {
      const namespace = await cluster.get('/api/v1/namespaces/kube-system').catch(() => undefined);
      const role = await cluster
        .get('/apis/rbac.authorization.k8s.io/v1/clusterroles/system:kube-scheduler')
        .catch(() => undefined);
      if (namespace !== undefined && role !== undefined) return;
      if (performance.now() > deadline)
        throw new Failure('cluster', 'the API server of the bench did not become ready');
      await sleep(200);
    }
  } finally {
    cluster.close();
  }
}

/** Ends a process that was started here, by force where it takes too long. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(force);
}

/** Held together, so that none is given out twice. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
