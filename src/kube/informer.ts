// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import { asFailure, type Failure } from '../errors/failure.js';
import { Backoff } from './backoff.js';
import type { Cluster } from './cluster.js';
import type { KubeObject } from './objects.js';
import { pause } from './pause.js';

/** A list that fails is tried again within these times, as in client-go (reflector.go: 800 ms to 30 s). */
const firstRetryMs = 800;
const longestRetryMs = 30_000;
/** How often a kind of objects is looked for that the cluster does not know yet. */
const absentMs = 5000;
/** Objects of one page of a list: what is parsed at once is what a program needs memory for, when it keeps little of each. */
const pageSize = 100;
/** A watch that ends sooner and said nothing is no watch. */
const shortestWatchMs = 1000;

export interface InformerOptions<T extends KubeObject, Kept> {
  cluster: Cluster;
  /** Of the list, such as `/api/v1/pods`. */
  path: string;
  /** What is held of an object, as little as is needed; undefined where it is of no interest. */
  keep: (object: T) => Kept | undefined;
  /** Something that is held has changed, or the first list is whole. */
  onChange: () => void;
  /** Called once when lists and watches begin to fail, and with undefined once they go well again. */
  onTrouble: (failure: Failure | undefined) => void;
  /** A path that the server does not know is an empty list: the definition of its kind may come later. */
  absentIsEmpty?: boolean;
}

/** The key of an object: `NAMESPACE/NAME`, or `NAME` where it has no namespace. */
function keyOf({ metadata: { namespace, name } }: KubeObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Holds what matters of all objects of a list, kept current by a watch. */
export class Informer<T extends KubeObject, Kept> {
  readonly items = new Map<string, Kept>();
  private synced = false;
  private failing = false;
  /** Where a watch goes on; undefined: a new list is needed. */
  private version: string | undefined;
  private readonly backoff = new Backoff(firstRetryMs, longestRetryMs);

  constructor(private readonly options: InformerOptions<T, Kept>) {}

  /** Whether the list was read as a whole. */
  get isSynced(): boolean {
    return this.synced;
  }

  /** Lists, watches, and begins anew whenever that ends. Resolves when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const isEnded = (): boolean => signal.aborted;
    while (!isEnded()) {
      try {
        const waitMs = await this.follow(signal);
        if (waitMs > 0) await pause(waitMs, signal);
      } catch (thrown) {
        const failure = asFailure(thrown);
        if (isEnded()) return;
        const waitMs = this.failed(failure);
        await pause(waitMs, signal).catch(() => undefined);
      }
    }
  }

  /** One list, where needed, and one watch. Milliseconds to wait before the next. */
  private async follow(signal: AbortSignal): Promise<number> {
    this.version ??= await this.list(signal);
    if (this.version === undefined) {
      this.well();
      return absentMs * (1 + Math.random() / 5);
    }
    const startedAt = performance.now();
    const said = await this.watch(this.version, signal);
    if (!said && performance.now() - startedAt < shortestWatchMs) return this.backoff.next();
    this.well();
    return 0;
  }

  /** The version of the list; undefined where the server does not know such objects. */
  private async list(signal: AbortSignal): Promise<string | undefined> {
    const seen = new Set<string>();
    let version: string | undefined;
    try {
      const onResourceVersion = (found: string): void => void (version = found);
      const options = { signal, onResourceVersion, limit: pageSize };
      for await (const page of this.options.cluster.list<T>(this.options.path, options)) {
        for (const object of page) {
          seen.add(keyOf(object));
          this.put(object);
        }
      }
    } catch (thrown) {
      if (this.options.absentIsEmpty !== true || asFailure(thrown).status !== 404) throw thrown;
      version = undefined;
    }
    for (const key of this.items.keys()) {
      if (!seen.has(key)) this.remove(key);
    }
    if (!this.synced) {
      this.synced = true;
      this.options.onChange();
    }
    return version;
  }

  private async watch(resourceVersion: string, signal: AbortSignal): Promise<boolean> {
    let said = false;
    for await (const { type, object } of this.options.cluster.watch<T>(this.options.path, {
      resourceVersion,
      signal,
    })) {
      said = true;
      this.well();
      if (type === 'DELETED') this.remove(keyOf(object));
      else if (type !== 'BOOKMARK') this.put(object);
      this.version = object.metadata.resourceVersion ?? this.version;
    }
    return said;
  }

  private put(object: T): void {
    const key = keyOf(object);
    const kept = this.options.keep(object);
    if (kept === undefined) this.remove(key);
    else if (!isDeepStrictEqual(this.items.get(key), kept)) {
      this.items.set(key, kept);
      this.options.onChange();
    }
  }

  private remove(key: string): void {
    if (this.items.delete(key)) this.options.onChange();
  }

  /** Only a watch says so: whoever may list but not watch would else list without end. */
  private well(): void {
    this.backoff.reset();
    if (this.failing) this.options.onTrouble(undefined);
    this.failing = false;
  }

  /**
   * Milliseconds to wait. A watch that merely broke goes on where it was; one that the server refused needs a new list.
   * Once that is usual: versions expire and connections break. A second time in a row nobody answers.
   */
  private failed(failure: Failure): number {
    const isUsual = this.version !== undefined && (failure.status ?? 410) === 410 && this.backoff.isFresh;
    if (failure.status !== undefined) this.version = undefined;
    if (!isUsual && !this.failing) {
      this.failing = true;
      this.options.onTrouble(failure);
    }
    return this.backoff.next();
  }
}
