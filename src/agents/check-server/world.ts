// SPDX-License-Identifier: Apache-2.0
import type { ExpectedNode } from '../../connectivity/expected.js';
import type { Roster } from '../../connectivity/roster.js';
import { asFailure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { Informer } from '../../kube/informer.js';
import type { KubeObject, Node, Pod } from '../../kube/objects.js';
import {
  agentPorts,
  checkLabel,
  checkServerName,
  checkSettingsName,
  type AgentIdentity,
  type AgentNetwork,
} from '../../model/check.js';
import { expectationsOf, type Expectations } from './expectations.js';
import {
  heldNode,
  heldPod,
  heldService,
  heldSlice,
  type ConfigMap,
  type HeldLease,
  type HeldPod,
} from './held-objects.js';
import { keyOf } from './agent-book.js';
import { FollowedService } from './followed-service.js';
import type { CheckPlace } from './place.js';
import { readSettings, usualSettings, type ServerSettings } from './settings.js';

/** Changes come in crowds: what agents are to reach is made anew no more often. */
const rosterEveryMs = 1000;
const clusterName = 'kubernetes.default.svc.cluster.local.';
const dnsSelector = 'k8s-app=kube-dns';

export interface WorldOptions {
  cluster: Cluster;
  place: CheckPlace;
  /** Takes one line for the log of the container. */
  log: (line: string) => void;
}

const named = (name: string): string => `?fieldSelector=metadata.name%3D${name}`;
const labelled = (selector: string): string => `?labelSelector=${encodeURIComponent(selector)}`;
const ofService = (name: string): string => labelled(`kubernetes.io/service-name=${name}`);

/** What the server knows of the cluster, kept current by watches. */
export class World {
  private readonly informers: Informer<never, unknown>[] = [];
  private readonly nodes: Informer<Node, Node>;
  /** Only of networks that have a namespace. */
  private readonly pods: { pod: Informer<Pod, HeldPod>; host?: Informer<Pod, HeldPod> };
  private readonly services: Record<'server' | 'api' | 'dns', FollowedService>;
  private readonly lease: Informer<HeldLease, string>;
  private readonly settingsMap: Informer<ConfigMap, string>;
  private generation = 0;
  private known: { generation: number; atMs: number; roster: Roster } | undefined;
  private expectedAt: (Expectations & { generation: number }) | undefined;
  private current: ServerSettings;

  constructor(private readonly options: WorldOptions) {
    const { namespace, hostNamespace } = options.place;
    const api = (where: string, what: string): string => `/api/v1/namespaces/${where}/${what}`;
    const slices = (where: string): string => `/apis/discovery.k8s.io/v1/namespaces/${where}/endpointslices`;
    const agentPods = (where: string, network: AgentNetwork) =>
      this.informer<Pod, HeldPod>('pods', `${api(where, 'pods')}${labelled(`${checkLabel}=installed`)}`, (pod) =>
        heldPod(pod, network),
      );
    const service = (where: string, services: string, ends: string) =>
      new FollowedService(
        this.informer('services', `${api(where, 'services')}${services}`, heldService),
        this.informer('endpointslices', `${slices(where)}${ends}`, heldSlice),
      );
    this.nodes = this.informer('nodes', '/api/v1/nodes', heldNode);
    this.pods = {
      pod: agentPods(namespace, 'pod'),
      ...(hostNamespace === undefined ? {} : { host: agentPods(hostNamespace, 'host') }),
    };
    this.current = this.followed(usualSettings);
    this.services = {
      server: service(namespace, named(checkServerName), ofService(checkServerName)),
      api: service('default', named('kubernetes'), ofService('kubernetes')),
      dns: service('kube-system', labelled(dnsSelector), labelled(dnsSelector)),
    };
    this.settingsMap = this.informer(
      'settings',
      `${api(namespace, 'configmaps')}${named(checkSettingsName)}`,
      ({ data }: ConfigMap) => data?.['settings.json'],
      () => this.readSettings(),
    );
    const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases${named(checkServerName)}`;
    this.lease = this.informer(
      'leases',
      leases,
      ({ spec }: HeldLease) => spec?.holderIdentity,
      () => undefined,
    );
  }

  /** Whether everything was read. */
  get isSynced(): boolean {
    return this.informers.every(({ isSynced }) => isSynced);
  }

  get settings(): ServerSettings {
    return this.current;
  }

  /** Who holds the Lease, as its identity says; undefined: nobody that we know of. */
  get leader(): string | undefined {
    const [identity] = this.lease.items.values();
    return identity === '' ? undefined : identity;
  }

  /** Resolves when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.informers.map((informer) => informer.run(signal)));
  }

  /** The agent that runs in this pod, on a node that there is; undefined where there is none. */
  agent(namespace: string, pod: string): AgentIdentity | undefined {
    const network = namespace === this.options.place.namespace ? 'pod' : 'host';
    const agent = this.pods[network]?.items.get(`${namespace}/${pod}`)?.agent;
    return agent !== undefined && this.hasNode(agent.node) && this.current.networks.includes(network)
      ? agent
      : undefined;
  }

  hasNode(name: string): boolean {
    return this.nodes.items.has(name);
  }

  /** The nodes that are to have agents. */
  get expected(): readonly ExpectedNode[] {
    return this.expectations().nodes;
  }

  /** Which nodes are not checked because they are cordoned, in words; undefined where none is. */
  get cordoned(): string | undefined {
    return this.expectations().cordoned;
  }

  /** The newest pod of a node and network, whether it runs or not. */
  newestPod(node: string, network: AgentNetwork): Pod | undefined {
    return this.expectations().newest.get(keyOf(node, network))?.pod;
  }

  /** What there is to reach; the same object until that changes. */
  get roster(): Roster {
    const { known } = this;
    const nowMs = performance.now();
    if (known !== undefined && (known.generation === this.generation || nowMs - known.atMs < rosterEveryMs)) {
      return known.roster;
    }
    const roster = this.makeRoster();
    this.known = { generation: this.generation, atMs: nowMs, roster };
    return roster;
  }

  private makeRoster(): Roster {
    const agents = this.current.networks.flatMap((network) =>
      [...this.podsOf(network)].flatMap(({ agent }) =>
        agent !== undefined && this.hasNode(agent.node) ? [agent] : [],
      ),
    );
    const { server: own, api: ofApi, dns: ofDns } = this.services;
    const [server, api, dns] = [own.roster({ tls: true }), ofApi.roster({ tls: true }), ofDns.roster()];
    return {
      agents,
      agentPort: agentPorts.installed,
      clusterName,
      ...(server === undefined ? {} : { server }),
      ...(api === undefined ? {} : { api }),
      ...(dns === undefined ? {} : { dns }),
    };
  }

  private expectations(): Expectations {
    if (this.expectedAt?.generation === this.generation) return this.expectedAt;
    const { networks, selection } = this.current;
    const pods = networks.flatMap((network) => [...this.podsOf(network)]);
    const expectations = expectationsOf([...this.nodes.items.values()], selection, pods);
    this.expectedAt = { ...expectations, generation: this.generation };
    return expectations;
  }

  private podsOf(network: AgentNetwork): Iterable<HeldPod> {
    return this.pods[network]?.items.values() ?? [];
  }

  /** Agents whose namespace is not followed are not expected: settings change some time before the server is replaced. */
  private followed(settings: ServerSettings): ServerSettings {
    return { ...settings, networks: settings.networks.filter((network) => this.pods[network] !== undefined) };
  }

  private readSettings(): void {
    const [text] = this.settingsMap.items.values();
    // Without it, the settings before go on.
    if (text === undefined) return;
    try {
      this.current = this.followed(readSettings(text));
    } catch (thrown) {
      this.options.log(`ConfigMap ${checkSettingsName} is not followed: ${asFailure(thrown).message}`);
    }
    this.generation += 1;
    this.known = undefined;
  }

  private informer<T extends KubeObject, Kept>(
    what: string,
    path: string,
    keep: (object: T) => Kept | undefined,
    onChange: () => void = () => void (this.generation += 1),
  ): Informer<T, Kept> {
    const { cluster, log } = this.options;
    const informer = new Informer<T, Kept>({
      cluster,
      path,
      keep,
      onChange,
      onTrouble: (failure) =>
        log(failure === undefined ? `${what} are followed again` : `${what} cannot be followed: ${failure.message}`),
    });
    this.informers.push(informer);
    return informer;
  }
}
