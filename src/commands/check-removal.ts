// SPDX-License-Identifier: Apache-2.0
import { awaitGone, deleteNamespace } from '../check/once/remove-once.js';
import { asFailure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { limitRun, type RunLimits } from './interruption.js';
import type { Progress } from './progress.js';

/** Namespaces go within seconds, unless a node does not answer. */
const goneLimitMs = 60_000;
const cleanCommand = 'kubectl netmachinery clean -A --force';

/** The last words of a check that is ended at once while it removes what it has made. */
const lastWords = `not waited for: see what is left with kubectl get namespaces, or remove it with: ${cleanCommand}`;

/**
 * The limits of a check in two parts: until it ends or is ended, and from then on those of its removal. A first signal only ends the
 * check, a second one only the waiting for the end of the removal, which the API server goes on with by itself.
 */
export class CheckLimits {
  readonly run: RunLimits;
  #removal: RunLimits | undefined;

  constructor(timeoutMs: number) {
    this.run = limitRun(timeoutMs);
    // At once: signals that come together would otherwise end the process with everything still there.
    this.run.signal.addEventListener('abort', () => void this.#beginRemoval(), { once: true });
  }

  #beginRemoval(): RunLimits {
    if (this.#removal === undefined) {
      this.run.dispose();
      this.#removal = limitRun(undefined, lastWords);
    }
    return this.#removal;
  }

  /** What ends the waiting for the removal. */
  get removal(): AbortSignal {
    return this.#beginRemoval().signal;
  }

  get interrupted(): boolean {
    return this.run.interrupted() || this.#removal?.interrupted() === true;
  }

  dispose(): void {
    this.run.dispose();
    this.#removal?.dispose();
  }
}

/** The namespaces that a check has asked for; `isSure` says that it got its answers. */
export interface MadeNamespaces {
  names: readonly string[];
  isSure: boolean;
}

/** Removes the namespaces of a check and says so; false where one could not be, which is said as well. */
export async function removeCheck(
  cluster: Cluster,
  { names, isSure }: MadeNamespaces,
  { signal, progress }: { signal: AbortSignal; progress: Progress },
): Promise<boolean> {
  if (names.length === 0) return true;
  const text = names.join(' and ');
  progress.update(`removing ${text}`);
  try {
    await Promise.all(names.map((name) => deleteNamespace(cluster, name, { mayComeLate: !isSure })));
  } catch (thrown) {
    const { message } = asFailure(thrown);
    progress.line(`error: could not remove ${text}: ${message}`);
    progress.line(`hint: the agents end by themselves; remove what is left with: ${cleanCommand}`);
    return false;
  }
  try {
    const left = await awaitGone(cluster, names, { limitMs: goneLimitMs, signal });
    if (left.length === 0) progress.line(`removed ${text}`);
    else
      progress.line(
        `note: the API server is still deleting ${left.join(' and ')}: a node does not answer, or it is busy`,
      );
  } catch (thrown) {
    const why = signal.aborted ? '' : `: ${asFailure(thrown).message}`;
    progress.line(`the API server deletes ${text}; not waited for its end${why}`);
  }
  return true;
}
