// SPDX-License-Identifier: Apache-2.0
import { Resolver } from 'node:dns/promises';
import { clusterDomain, services } from './addresses.js';
import { getObject, type ApiRequest } from './api.js';

interface Condition {
  type: string;
  status: string;
}

/** Whether the API server says that it and all its start-up hooks are ready. */
export async function isApiReady(api: ApiRequest): Promise<boolean> {
  const answer = await api('GET', '/readyz').catch(() => undefined);
  return answer?.status === 200;
}

/** Whether the node is registered and Ready, and takes pods. */
export async function isNodeReady(api: ApiRequest, name: string): Promise<boolean> {
  interface Node {
    spec: { taints?: { key: string }[] };
    status?: { conditions?: Condition[] };
  }
  const node = await getObject<Node>(api, `/api/v1/nodes/${name}`);
  const ready = node?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  return ready === true && !node?.spec.taints?.some(({ key }) => key === 'node.kubernetes.io/not-ready');
}

/** Whether the name server answers at its Service's address, asked from this machine. */
export async function namesResolve(): Promise<boolean> {
  const resolver = new Resolver({ timeout: 500, tries: 2 });
  resolver.setServers([services.dns]);
  const addresses = await resolver.resolve4(`kubernetes.default.svc.${clusterDomain}`).catch((): string[] => []);
  return addresses.includes(services.kubernetes);
}

/** Whether pods can be made in the default namespace: its service account comes some moments after it. */
export async function hasServiceAccount(api: ApiRequest): Promise<boolean> {
  return (await getObject(api, '/api/v1/namespaces/default/serviceaccounts/default')) !== undefined;
}
