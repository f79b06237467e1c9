// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../../errors/failure.js';
import { Backoff } from '../../kube/backoff.js';
import type { Cluster } from '../../kube/cluster.js';
import { Informer } from '../../kube/informer.js';
import type { KubeObject, Pod } from '../../kube/objects.js';
import { pause } from '../../kube/pause.js';
import type { AgentImages } from '../agent-images.js';
import { findLists } from './find-lists.js';
import type { ControllerMetrics } from './metrics.js';
import {
  heldNamespace,
  heldProber,
  listedProber,
  networkProbersPath,
  type HeldProber,
  type NetworkProber,
} from './network-probers.js';
import { PeerListWriter } from './peer-list-writer.js';
import { peerLists, type ListPlace } from './peer-lists.js';
import { proberPod, type ProberPod } from './prober-pod.js';
import { StatusKeeper } from './keep-statuses.js';
import { Soon } from './soon.js';

/** Changes that come within this time are written at once. */
const listsAfterMs = 200;
/** How often it is looked whether the search for old lists can begin, and when it is tried again. */
const lookMs = 500;
const searchAgainMs = 1000;
const longestSearchAgainMs = 60_000;
/** How often all peer lists are looked at again: somebody may have changed or deleted one, or its period. */
const reviewMs = 60_000;

export interface PeerListKeeperOptions {
  cluster: Cluster;
  images: AgentImages;
  log: (line: string) => void;
  metrics: ControllerMetrics;
}

/** Keeps all peer lists and the status of all NetworkProbers while it runs; needs to be the only one that does. */
export class PeerListKeeper {
  private readonly pods: Informer<Pod, ProberPod>;
  private readonly probers: Informer<NetworkProber, HeldProber>;
  private readonly namespaces: Informer<KubeObject, KubeObject>;
  private readonly writer: PeerListWriter;
  private readonly statuses: StatusKeeper;
  private readonly listsSoon = new Soon(() => this.updateLists(), listsAfterMs);
  /** All lists that were written or found. */
  private readonly known = new Map<string, ListPlace>();
  private clashesTold = '';

  constructor(
    private readonly options: PeerListKeeperOptions,
    private readonly signal: AbortSignal,
  ) {
    const { cluster, log, metrics } = options;
    const shared = (what: string) => ({
      cluster,
      onChange: () => this.listsSoon.ask(),
      onTrouble: (failure: Error | undefined) => {
        if (failure !== undefined) metrics.failed('follow', what);
        log(failure === undefined ? `${what} are followed again` : `${what} cannot be followed: ${failure.message}`);
      },
    });
    this.pods = new Informer<Pod, ProberPod>({ ...shared('pods'), path: '/api/v1/pods', keep: proberPod });
    this.namespaces = new Informer<KubeObject, KubeObject>({
      ...shared('namespaces'),
      path: '/api/v1/namespaces',
      keep: heldNamespace,
    });
    this.probers = new Informer<NetworkProber, HeldProber>({
      ...shared('networkprobers'),
      path: networkProbersPath,
      keep: heldProber,
      // Plain meshes need no NetworkProbers, and so no definition of them.
      absentIsEmpty: true,
    });
    this.writer = new PeerListWriter({ cluster, signal, log, metrics, onChange: () => this.statuses.ask() });
    const stateOf = (place: ListPlace) => this.writer.stateOf(place);
    this.statuses = new StatusKeeper({ ...options, signal, stateOf });
  }

  /** Whether everything was read that the lists are made of. */
  get isSynced(): boolean {
    return this.pods.isSynced && this.probers.isSynced && this.namespaces.isSynced;
  }

  /** Resolves when the signal aborts. */
  async run(): Promise<void> {
    const review = setInterval(() => this.writer.review(), reviewMs);
    try {
      const informers = [this.pods, this.probers, this.namespaces].map((informer) => informer.run(this.signal));
      await Promise.all([...informers, this.search()]);
    } finally {
      clearInterval(review);
      this.listsSoon.stop();
      this.statuses.stop();
      this.writer.stop();
    }
  }

  /** Takes over what leaders before this one wrote, once. */
  private async search(): Promise<void> {
    const { cluster, log } = this.options;
    const backoff = new Backoff(searchAgainMs, longestSearchAgainMs);
    const isEnded = (): boolean => this.signal.aborted;
    while (!isEnded()) {
      const { isSynced } = this.namespaces;
      await pause(isSynced ? backoff.next() : lookMs, this.signal).catch(() => undefined);
      if (!isSynced || isEnded()) continue;
      try {
        this.takeOver(await findLists(cluster, this.namespaces.items.keys(), this.signal));
        return;
      } catch (thrown) {
        if (!isEnded()) log(`old peer lists cannot be found: ${asFailure(thrown).message}`);
      }
    }
  }

  private takeOver(places: readonly ListPlace[]): void {
    for (const place of places) {
      const key = `${place.namespace}/${place.name}`;
      if (!this.known.has(key)) this.known.set(key, place);
    }
    this.listsSoon.ask();
  }

  private updateLists(): void {
    // From half of what there is, lists would lack members, and probers lose their pods.
    if (!this.isSynced) return;
    const probers = new Map([...this.probers.items].map(([mesh, held]) => [mesh, listedProber(held)]));
    const existing = this.known.values();
    const namespaces = this.namespaces.items;
    const pods = this.pods.items.values();
    const { lists, clashes, meshes } = peerLists({ pods, probers, namespaces, existing });
    for (const [key, list] of lists) {
      const { namespace, name, mesh } = list;
      const isUnneeded = list.action === 'delete' || !list.isNeeded;
      const isDeleted = isUnneeded && this.isDeleted({ namespace, name, mesh });
      if (isDeleted) {
        this.known.delete(key);
        lists.delete(key);
      } else this.known.set(key, { namespace, name, mesh });
    }
    for (const [key, { namespace }] of this.known) if (!namespaces.has(namespace)) this.known.delete(key);
    this.writer.want(lists.values());
    this.tellClashes(clashes);
    this.options.metrics.counted(new Map([...meshes].map(([mesh, { listedCount }]) => [mesh, listedCount])));
    this.statuses.keep({ probers: this.probers.items, lists: lists.values(), meshes });
  }

  private isDeleted(place: ListPlace): boolean {
    const state = this.writer.stateOf(place);
    return state !== undefined && 'outcome' in state && state.outcome === 'deleted';
  }

  private tellClashes(clashes: readonly ListPlace[]): void {
    const told = clashes.map(({ namespace, name, mesh }) => `${namespace}/${name} of ${mesh}`).join(', ');
    if (told !== '' && told !== this.clashesTold) {
      this.options.log(`peer lists whose ConfigMap is that of a NetworkProber are not kept: ${told}`);
    }
    this.clashesTold = told;
  }
}
