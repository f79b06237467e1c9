// SPDX-License-Identifier: Apache-2.0
import type { ProbeResult } from './agent-spec.js';

/** Anybody may report anything: what is longer is no node and no URL worth a series. */
const longestLabel = 320;
const longestUrl = 512;
const mostUrls = 32;
/** Labels beyond those of agent pods, such as of nodes that are gone. */
const spareLabels = 64;

/** The counters of one value of the label `agent`, and what it found last of each URL. */
export interface AgentSeries {
  reports: number;
  errors: number;
  probes: Map<string, ProbeResult>;
}

/** What the metrics show, by the label `agent`. Kept for nodes that are gone as well, within bounds: the longest silent goes first. */
export class Series {
  readonly byLabel = new Map<string, AgentSeries>();

  /** `podCount` is how many agent pods there are: each may have a label, and once more as many after all were replaced. */
  constructor(private readonly podCount: () => number) {}

  /** Makes sure that a label is there, and that it is the newest; undefined where it is too long to be one. */
  touch(label: string): AgentSeries | undefined {
    if (label.length > longestLabel) return undefined;
    const series = this.byLabel.get(label) ?? { reports: 0, errors: 0, probes: new Map<string, ProbeResult>() };
    this.byLabel.delete(label);
    this.byLabel.set(label, series);
    dropOldest(this.byLabel, 2 * this.podCount() + spareLabels);
    return series;
  }

  reported(label: string, probes: readonly ProbeResult[]): void {
    const series = this.touch(label);
    if (series === undefined) return;
    series.reports += 1;
    for (const probe of probes) {
      if (probe.URL.length > longestUrl) continue;
      series.probes.delete(probe.URL);
      series.probes.set(probe.URL, probe);
    }
    dropOldest(series.probes, mostUrls);
  }

  missed(label: string): void {
    const series = this.byLabel.get(label);
    if (series !== undefined) series.errors += 1;
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
