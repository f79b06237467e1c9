// SPDX-License-Identifier: Apache-2.0
import { images, kubectl, podManifest, type PodOptions } from './kubectl.js';

/** What the test cluster's web server listens on, under the names that Services and `:NAME` refer to. */
export const serverPorts = [
  { name: 'http', containerPort: 8080 },
  { name: 'https', containerPort: 8443 },
  { name: 'echo', containerPort: 9000, protocol: 'UDP' },
  { name: 'sink', containerPort: 9001, protocol: 'UDP' },
];

/** A pod with the web server and its ports named. */
export function serverPod(name: string, options: PodOptions = {}): object {
  const containers = [{ name: 'main', image: images.web, ports: serverPorts }];
  return podManifest(name, { ...options, spec: { containers, ...options.spec } });
}

/** Runs a script of ours as root with NET_ADMIN in a pod's network namespace before the pod's server starts. */
export function prepared(script: string): object {
  const securityContext = { runAsUser: 0, capabilities: { add: ['NET_ADMIN'] } };
  return {
    initContainers: [{ name: 'prepare', image: images.toolbox, command: ['sh', '-ec', script], securityContext }],
  };
}

/** A pod whose own network namespace filters what comes in (`input`) or goes out (`output`) by rules of nft(8). */
export function filteredPod(
  name: string,
  hook: 'input' | 'output',
  rules: readonly string[],
  options: PodOptions & { args?: string[] } = {},
): object {
  const { args, ...rest } = options;
  const ruleset = `table inet test { chain test { type filter hook ${hook} priority filter; ${rules.join('; ')}; }; }`;
  const server = { name: 'main', image: images.web, ports: serverPorts, ...(args === undefined ? {} : { args }) };
  return podManifest(name, { ...rest, spec: { ...prepared(`nft '${ruleset}'`), containers: [server], ...rest.spec } });
}

/** A dual-stack Service. */
export function service(name: string, spec: object): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { ipFamilyPolicy: 'PreferDualStack', ...spec },
  };
}

/** What of an EndpointSlice tests compare with. */
export interface Slice {
  addressType: 'IPv4' | 'IPv6';
  ports: { name: string; port: number; protocol: string }[];
  /** Null where there are none. */
  endpoints: { addresses: string[]; conditions: { ready?: boolean }; targetRef?: { name: string } }[] | null;
}

/** The EndpointSlices of a Service, once `count` endpoints of each slice are ready. */
export async function readySlices(namespace: string, name: string, count: number): Promise<Slice[]> {
  const query = ['get', 'endpointslices', '-n', namespace, '-l', `kubernetes.io/service-name=${name}`, '-o', 'json'];
  for (;;) {
    const { items } = JSON.parse(await kubectl(query)) as { items: Slice[] };
    const full = items.filter(
      ({ endpoints }) => endpoints?.filter(({ conditions }) => conditions.ready).length === count,
    );
    if (items.length > 0 && full.length === items.length) return items;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Names of the ephemeral containers of a namespace's pods, by pod; pods without are left out. */
export async function ephemeralContainers(namespace: string): Promise<Record<string, string[]>> {
  interface Pods {
    items: { metadata: { name: string }; spec: { ephemeralContainers?: { name: string }[] } }[];
  }
  const { items } = JSON.parse(await kubectl(['get', 'pods', '-n', namespace, '-o', 'json'])) as Pods;
  return Object.fromEntries(
    items.flatMap(({ metadata, spec: { ephemeralContainers: own = [] } }) =>
      own.length === 0 ? [] : [[metadata.name, own.map(({ name }) => name)]],
    ),
  );
}
