// SPDX-License-Identifier: Apache-2.0
import type { LiveObserver } from '../injection/live/planned.js';
import { resourceName, type LiveWorkload } from '../injection/live/workload.js';
import { objectText } from './object-text.js';
import type { Progress } from './progress.js';

/** Tells on stdout what became of workloads: a line each at once, as kubectl does, or all objects at the end. */
export class WorkloadLines {
  readonly #objects: object[] = [];

  constructor(
    /** `injected` or `uninjected`. */
    readonly word: string,
    readonly output: string | undefined,
    readonly dryRun: string,
    readonly progress: Progress,
  ) {}

  readonly observer: LiveObserver = {
    say: (line) => this.progress.line(line),
    progress: (text) => this.progress.update(text),
    done: (workload, outcome) => this.#done(workload, outcome),
  };

  #done(workload: LiveWorkload, outcome: 'changed' | 'unchanged'): void {
    const name = resourceName(workload);
    const dry = this.dryRun === 'none' ? '' : this.dryRun === 'server' ? ' (server dry run)' : ' (dry run)';
    if (this.output === 'name') process.stdout.write(`${name}\n`);
    else if (this.output !== undefined) this.#objects.push(withoutManagedFields(workload.object));
    else process.stdout.write(`${name} ${outcome === 'changed' ? this.word : 'unchanged'}${dry}\n`);
  }

  /** The objects, where they were asked for. */
  async end(): Promise<void> {
    const [first] = this.#objects;
    if (this.output === undefined || this.output === 'name' || first === undefined) return;
    const value = this.#objects.length === 1 ? first : { apiVersion: 'v1', kind: 'List', items: this.#objects };
    process.stdout.write(await objectText(value, this.output));
  }
}

/** As kubectl prints objects. */
function withoutManagedFields({ metadata, ...object }: LiveWorkload['object']): object {
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== 'managedFields'));
  const { apiVersion, kind, ...rest } = object;
  return { apiVersion, kind, metadata: kept, ...rest };
}
