// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../../errors/failure.js';
import { Backoff } from '../../kube/backoff.js';
import type { Cluster } from '../../kube/cluster.js';
import { pause } from '../../kube/pause.js';
import { AgentObjects, countsIn, isOwn, type AgentMetadata } from './agent-objects.js';
import type { AgentPods } from './agent-pods.js';
import { decodeSpec } from './decode-spec.js';
import { ObjectWriter } from './object-writer.js';
import { Reports } from './reports.js';
import { Series } from './series.js';

/** As the seed's -check-interval. */
const reviewMs = 10_000;
const firstRetryMs = 500;
const longestRetryMs = 10_000;

interface TermOptions {
  cluster: Cluster;
  pods: AgentPods;
  log: (line: string) => void;
}

/** The time for which a replica leads: what it knows of agents, read when it began and written with every report. */
export class Term {
  readonly series: Series;
  readonly reports: Reports;
  /** Resolves once everything is read that was stored. */
  readonly loaded: Promise<void>;
  private readonly end = new AbortController();
  private readonly objects: AgentObjects;
  private readonly writer: ObjectWriter;
  private readonly metadata = new Map<string, AgentMetadata>();
  private readonly review: NodeJS.Timeout;
  private isLoaded = false;
  private trouble = '';
  /** Names without a pod at the last review. */
  private gone = new Set<string>();

  constructor(private readonly options: TermOptions) {
    const { cluster, pods } = options;
    this.series = new Series(() => pods.names.size);
    this.reports = new Reports(() => pods.names, this.series);
    this.objects = new AgentObjects(cluster, this.end.signal);
    this.writer = new ObjectWriter((name) => this.write(name), this.end.signal);
    this.loaded = this.load();
    // Whoever waits for it hears of its end; nobody may be waiting.
    this.loaded.catch(() => undefined);
    this.review = setInterval(() => void this.look(), reviewMs);
  }

  get isEnded(): boolean {
    return this.end.signal.aborted;
  }

  stop(): void {
    clearInterval(this.review);
    this.end.abort();
  }

  /** Where its object is stored, what the API server says of it. */
  metadataOf(name: string): AgentMetadata | undefined {
    return this.metadata.get(name);
  }

  /** Resolves once the last report of an agent is stored; throws Failure where it cannot be. */
  store(name: string): Promise<void> {
    return this.writer.ask(name);
  }

  /** Tells of trouble once, and of its end. */
  tell(trouble: string): void {
    if (trouble !== this.trouble)
      this.options.log(trouble === '' ? 'netchecker reports are stored again' : `netchecker: ${trouble}`);
    this.trouble = trouble;
  }

  private async write(name: string): Promise<void> {
    const text = this.reports.text(name);
    const label = this.reports.label(name);
    // Its pod went meanwhile.
    if (text === undefined || label === undefined) return;
    const { reports = 0, errors = 0 } = this.series.byLabel.get(label) ?? {};
    const spec = JSON.parse(text) as object;
    const known = this.metadata.get(name);
    this.metadata.delete(name);
    this.metadata.set(name, await this.objects.save(name, spec, { reports, errors }, known));
    this.tell('');
  }

  private async load(): Promise<void> {
    const backoff = new Backoff(firstRetryMs, longestRetryMs);
    for (;;) {
      try {
        await this.options.pods.synced(this.end.signal);
        this.restore(await this.objects.list());
        return;
      } catch (thrown) {
        if (this.isEnded) throw thrown;
        this.tell(`the agents cannot be read: ${asFailure(thrown).message}`);
        await pause(backoff.next(), this.end.signal);
      }
    }
  }

  private restore(objects: Awaited<ReturnType<AgentObjects['list']>>): void {
    const counted = new Map<string, { reports: number; errors: number }>();
    for (const { metadata, spec } of objects) {
      if (!this.metadata.has(metadata.name)) this.metadata.set(metadata.name, metadata);
      let label: string | undefined;
      try {
        this.reports.restore(metadata.name, decodeSpec(spec));
        label = this.reports.label(metadata.name);
      } catch (thrown) {
        this.options.log(`Agent ${metadata.name} is left alone: ${asFailure(thrown).message}`);
      }
      if (label === undefined) continue;
      const counts = countsIn(metadata);
      const { reports = 0, errors = 0 } = counted.get(label) ?? {};
      // All objects of a label tell the count of the label, each as it was when it was written.
      counted.set(label, { reports: Math.max(reports, counts.reports), errors: Math.max(errors, counts.errors) });
    }
    for (const [label, { reports, errors }] of counted) {
      const series = this.series.touch(label);
      if (series === undefined) continue;
      series.reports += reports;
      series.errors += errors;
    }
    this.isLoaded = true;
    this.tell('');
  }

  /** Counts what is missing, and deletes objects of ours whose pods were gone at the last look already. */
  private async look(): Promise<void> {
    if (!this.isLoaded || !this.options.pods.isSynced) return;
    this.reports.countMissing(performance.now());
    this.reports.purge();
    const { names } = this.options.pods;
    const gone = [...this.metadata].filter(([name]) => !names.has(name));
    const before = this.gone;
    this.gone = new Set(gone.map(([name]) => name));
    for (const [name, metadata] of gone) {
      if (!before.has(name)) continue;
      try {
        if (isOwn(metadata)) await this.objects.delete(name);
        this.metadata.delete(name);
      } catch (thrown) {
        if (!this.isEnded) this.tell(`Agent ${name} cannot be deleted: ${asFailure(thrown).message}`);
      }
    }
  }
}
