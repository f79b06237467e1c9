// SPDX-License-Identifier: Apache-2.0
import { podLabel } from '../kube/pod-eligibility.js';
import type { ControlResult } from '../model/report.js';
import { sourcePod, type SourcePod } from '../targets/source-pod.js';
import type { Test } from './plan.js';
import type { Workplaces } from './workplaces.js';

/** The probe pods that sent in the place of sources, by the source's `NAMESPACE/NAME`. */
export class StandIns {
  private constructor(private readonly bySource: ReadonlyMap<string, SourcePod>) {}

  static async find(workplaces: Workplaces, sources: readonly SourcePod[]): Promise<StandIns> {
    const distinct = new Map(sources.map((source) => [podLabel(source.pod), source]));
    const found = await Promise.all(
      [...distinct].map(async ([name, source]): Promise<[string, SourcePod][]> => {
        const pod = await workplaces.standIn(source);
        return pod === undefined ? [] : [[name, sourcePod(pod)]];
      }),
    );
    return new StandIns(new Map(found.flat()));
  }

  /** A test as it was made, and the label that says whose place its source took. */
  of(test: Test): { test: Test; labels: Record<string, string> } {
    const source = this.bySource.get(podLabel(test.source.pod));
    if (source === undefined) return { test, labels: {} };
    return { test: { ...test, source }, labels: { probePodFor: podLabel(test.source.pod) } };
  }

  /** A control by the name of the pod that made it. */
  ofControl(control: ControlResult | undefined): ControlResult | undefined {
    const source = control && this.bySource.get(control.source);
    return source === undefined ? control : { source: podLabel(source.pod), reached: control?.reached === true };
  }

  /** What is not the same as if the sources themselves had sent, a line each. */
  warnings(): string[] {
    return [...this.bySource].map(
      ([name, source]) =>
        `${podLabel(source.pod)} sent for ${name}: it has the same labels, service account and node, but another name` +
        (source.pod.spec.hostNetwork === true
          ? '; both are in the network of the node'
          : " and address, and neither the pod's own network namespace nor its sidecars"),
    );
  }
}
