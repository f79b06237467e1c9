// SPDX-License-Identifier: Apache-2.0
import { agentLabel, specText, type AgentSpec } from './agent-spec.js';
import { connectivityOf, isMissing, type Connectivity, type LastReport } from './connectivity.js';
import type { Series } from './series.js';

/** Longer ones are not kept, and so their agents stay Absent: etcd is not for what anybody may send. */
export const longestSpec = 64 * 1024;
/** Reports in the name of no agent's pod: as many are kept, and as many bytes. */
const mostStrangers = 100;
const strangersBytes = 1024 * 1024;

/** The last report of an agent. */
interface Held {
  /** The JSON of its spec. */
  text: string;
  label: string;
  intervalMs: number;
  /** On the clock of performance.now(). */
  receivedAtMs: number;
  /** Errors counted since. */
  missed: number;
}

/** The last reports by the names of their pods, and what is concluded from them. */
export class Reports {
  private readonly held = new Map<string, Held>();
  /** In the name of a pod that is none of an agent: not stored, not in lists, gone with the process. */
  private readonly strangers = new Map<string, string>();

  constructor(
    /** The names of agents' pods. */
    private readonly pods: () => ReadonlySet<string>,
    private readonly series: Series,
  ) {}

  get count(): number {
    return this.held.size;
  }

  /** Takes a report. Says whether it is to be stored: `stranger` where there is no such pod, `tooLong` where it is not kept at all. */
  take(name: string, spec: AgentSpec): 'store' | 'stranger' | 'tooLong' {
    const label = agentLabel(spec);
    this.series.reported(label, spec.networkProbes ?? []);
    const text = specText(spec);
    if (Buffer.byteLength(text) > longestSpec) return 'tooLong';
    if (!this.pods().has(name)) {
      this.takeStranger(name, text);
      return 'stranger';
    }
    this.strangers.delete(name);
    this.put(name, spec, text);
    return 'store';
  }

  /** Takes what was stored before, of which only we know when: it counts as received now. */
  restore(name: string, spec: AgentSpec): void {
    if (this.held.has(name) || !this.pods().has(name)) return;
    this.put(name, spec, specText(spec));
  }

  text(name: string): string | undefined {
    return this.held.get(name)?.text ?? this.strangers.get(name);
  }

  label(name: string): string | undefined {
    return this.held.get(name)?.label;
  }

  *texts(): Generator<[name: string, text: string]> {
    for (const [name, { text }] of this.held) yield [name, text];
  }

  /** Forgets those of pods that are gone; their names. */
  purge(): string[] {
    const pods = this.pods();
    const gone = [...this.held.keys()].filter((name) => !pods.has(name));
    for (const name of gone) this.held.delete(name);
    return gone;
  }

  connectivity(nowMs: number): Connectivity {
    return connectivityOf(this.pods(), (name) => {
      const held = this.held.get(name);
      return held === undefined ? undefined : lastOf(held, nowMs);
    });
  }

  /** Counts reports that are missing; to be called every ten seconds. */
  countMissing(nowMs: number): void {
    for (const held of this.held.values()) {
      if (!isMissing(lastOf(held, nowMs), held.missed)) continue;
      held.missed += 1;
      this.series.missed(held.label);
    }
  }

  private put(name: string, spec: AgentSpec, text: string): void {
    const intervalMs = spec.reportInterval * 1000;
    this.held.set(name, { text, label: agentLabel(spec), intervalMs, receivedAtMs: performance.now(), missed: 0 });
  }

  private takeStranger(name: string, text: string): void {
    this.strangers.delete(name);
    this.strangers.set(name, text);
    let bytes = [...this.strangers.values()].reduce((sum, { length }) => sum + length, 0);
    for (const [oldest, { length }] of this.strangers) {
      if (this.strangers.size <= mostStrangers && bytes <= strangersBytes) return;
      this.strangers.delete(oldest);
      bytes -= length;
    }
  }
}

function lastOf({ intervalMs, receivedAtMs }: Held, nowMs: number): LastReport {
  return { intervalMs, ageMs: nowMs - receivedAtMs };
}
