// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { denialOf } from '../kube/denial.js';
import { agentProgram, type ProbeProtocol, type RecentProbes } from '../model/prober.js';
import { parseRecent } from './parse-recent.js';
import type { ProberPlace } from './prober-place.js';

/** A prober answers within milliseconds; one that packets do not reach is not waited for long. */
const proxyMs = 5000;
/** Under the prober's limit of a tenth of a core a second Node.js takes a second to start. */
const execMs = 15_000;
/** More than 500 destinations with all that is remembered; whoever runs the pod decides what answers. */
const maxBytes = 16 * 1024 * 1024;

/** What of a prober's memory is asked for. */
export interface WantedProbes {
  sinceMs: number;
  protocols: readonly ProbeProtocol[];
}

/** What a prober told, or why it could not be asked. */
export interface Reading {
  prober: ProberPlace;
  recent?: RecentProbes;
  failure?: Failure;
}

/**
 * Reads probers through the API server's pod proxy and, where that is not allowed or does not get through, by executing
 * in their container; remembers which way it was.
 */
export class ProberReader {
  /** Namespaces where the proxy is denied, and pods that it does not reach. */
  readonly #byExec = new Set<string>();

  constructor(
    private readonly cluster: Cluster,
    private readonly wanted: WantedProbes,
  ) {}

  /** Undefined where the pod is gone. Throws only when `signal` ends it. */
  async read(prober: ProberPlace, signal: AbortSignal): Promise<Reading | undefined> {
    const { namespace, pod, notRunning } = prober;
    const label = `${namespace}/${pod}`;
    if (notRunning !== undefined) return { prober, failure: new Failure('tool', notRunning) };
    let byProxy: Failure | undefined;
    if (!this.#byExec.has(namespace) && !this.#byExec.has(label)) {
      try {
        return { prober, recent: await this.#throughProxy(prober, signal) };
      } catch (thrown) {
        byProxy = this.#failureOf(thrown, signal);
        this.#byExec.add(denialOf(byProxy) === undefined ? label : namespace);
      }
    }
    try {
      return { prober, recent: await this.#byExecuting(prober, signal) };
    } catch (thrown) {
      const byExec = this.#failureOf(thrown, signal);
      this.#byExec.delete(label);
      if (byExec.status === 404) return undefined;
      // Who may not execute is told what was wrong with the proxy; without that permission either, the first denial.
      return { prober, failure: byExec.code === 'forbidden' ? (byProxy ?? byExec) : byExec };
    }
  }

  #failureOf(thrown: unknown, signal: AbortSignal): Failure {
    if (signal.aborted) throw thrown;
    return asFailure(thrown);
  }

  async #throughProxy({ namespace, pod, metricsPort }: ProberPlace, signal: AbortSignal): Promise<RecentProbes> {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}:${metricsPort}/proxy/recent?${this.#query()}`;
    const answer = new Answer();
    for await (const chunk of this.cluster.stream(path, { totalMs: proxyMs, signal })) answer.add(chunk);
    return parseRecent(answer.text);
  }

  async #byExecuting({ namespace, pod, container }: ProberPlace, signal: AbortSignal): Promise<RecentProbes> {
    const answer = new Answer();
    let complaint = '';
    const { exitCode } = await this.cluster.exec({
      namespace,
      pod,
      container,
      argv: [...agentProgram, 'control', 'recent', this.#query()],
      onStdout: (chunk) => answer.add(chunk),
      onStderr: (chunk) => (complaint = `${complaint}${chunk.toString()}`.slice(0, 1000)),
      deadlineMs: execMs,
      signal,
    });
    if (exitCode !== 0) {
      throw new Failure('tool', complaint.trim() || `its control program ended with exit code ${exitCode}`);
    }
    return parseRecent(answer.text);
  }

  #query(): string {
    const { sinceMs, protocols } = this.wanted;
    const query = new URLSearchParams({ sinceMs: String(sinceMs) });
    for (const protocol of protocols) query.append('protocol', protocol);
    return query.toString();
  }
}

/** A text of bounded length that comes in chunks. */
class Answer {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > maxBytes) throw new Failure('tool', `it answers with more than ${maxBytes} bytes`);
    this.#chunks.push(chunk);
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}
