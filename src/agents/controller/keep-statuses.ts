// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import { imageFor, type AgentImages } from '../agent-images.js';
import type { ControllerMetrics } from './metrics.js';
import type { ListState } from './namespace-lane.js';
import type { HeldProber } from './network-probers.js';
import type { ListPlace, MeshPods, WantedList } from './peer-lists.js';
import type { StatusFacts } from './prober-status.js';
import { Soon } from './soon.js';
import { StatusWriter } from './status-writer.js';

/** Changes that come within this time are written at once. */
const afterMs = 500;
const retryMs = 10_000;

export interface StatusKeeperOptions {
  cluster: Cluster;
  images: AgentImages;
  signal: AbortSignal;
  log: (line: string) => void;
  metrics: ControllerMetrics;
  /** How a peer list stands; undefined where it was not tried yet. */
  stateOf: (place: ListPlace) => ListState | undefined;
}

/** What statuses tell of. */
export interface Known {
  /** By mesh. */
  probers: ReadonlyMap<string, HeldProber>;
  lists: Iterable<WantedList>;
  /** By mesh. */
  meshes: ReadonlyMap<string, MeshPods>;
}

/** Keeps the status of all NetworkProbers, from the first `keep` on. */
export class StatusKeeper {
  private readonly writer: StatusWriter;
  private readonly soon = new Soon(() => void this.write(), afterMs);
  private readonly retry = new Soon(() => this.ask(), retryMs);
  private known: Known | undefined;
  private isWriting = false;
  private isDue = false;

  constructor(private readonly options: StatusKeeperOptions) {
    this.writer = new StatusWriter(options);
  }

  /** Goes on with these. */
  keep(known: Known): void {
    this.known = { ...known, lists: [...known.lists] };
    this.ask();
  }

  /** The state of a peer list may have changed. */
  ask(): void {
    this.soon.ask();
  }

  stop(): void {
    this.soon.stop();
    this.retry.stop();
  }

  private async write(): Promise<void> {
    this.isDue = true;
    if (this.isWriting) return;
    this.isWriting = true;
    try {
      if (!(await this.writeAll())) this.retry.ask();
    } catch (thrown) {
      // Nobody waits for this: it is not to end the process.
      this.options.log(`statuses of NetworkProbers: ${asFailure(thrown).message}`);
      this.retry.ask();
    } finally {
      this.isWriting = false;
    }
  }

  /** False where some have to be tried again. */
  private async writeAll(): Promise<boolean> {
    let isDone = true;
    while (this.isDue && this.known !== undefined && !this.options.signal.aborted) {
      this.isDue = false;
      const { probers, lists, meshes } = this.known;
      this.writer.retain(probers);
      const byMesh = listsByMesh(lists);
      for (const [mesh, prober] of [...probers]) {
        const facts = this.factsOf(prober, meshes.get(mesh), byMesh.get(mesh) ?? []);
        isDone = (await this.writer.write(prober, facts)) && isDone;
      }
    }
    return isDone;
  }

  private factsOf(
    { generation, parsed }: HeldProber,
    pods: MeshPods = { pods: [], listedCount: 0 },
    lists: readonly WantedList[],
  ): StatusFacts {
    const image = 'prober' in parsed ? parsed.prober.image : undefined;
    return {
      generation,
      faults: 'faults' in parsed ? parsed.faults : [],
      refusedImage: imageFor(image, this.options.images) === undefined ? image : undefined,
      ...pods,
      lists: lists.map((list) => ({ namespace: list.namespace, name: list.name, state: this.options.stateOf(list) })),
    };
  }
}

function listsByMesh(lists: Iterable<WantedList>): Map<string, WantedList[]> {
  const byMesh = new Map<string, WantedList[]>();
  for (const list of lists) {
    if (list.action !== 'write') continue;
    const found = byMesh.get(list.mesh);
    if (found === undefined) byMesh.set(list.mesh, [list]);
    else found.push(list);
  }
  return byMesh;
}
