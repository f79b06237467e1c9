// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster, ExecRequest, ExecResult } from './cluster.js';
import { isRunning } from './container-state.js';
import { containerNotReady } from './exec-status.js';
import { abortFailure } from './guard.js';
import { pause } from './pause.js';
import { watchPod } from './pod-watch.js';
import type { ToolContainer } from './tool-container.js';

const defaultTimeoutMs = 60_000;
const retryEveryMs = 50;

export interface WhenReadyOptions {
  /** How long the container may take to start (`--tool-timeout`), in ms; 60 s by default. */
  startTimeoutMs?: number | undefined;
}

/** Ends waiting for a container: on the caller's signal, on what the kubelet says, or when its time is up. */
class Waiting {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #lastWords = '';

  constructor(
    readonly cluster: Cluster,
    readonly container: ToolContainer,
    readonly caller: AbortSignal | undefined,
    timeoutMs: number,
  ) {
    this.#timer = setTimeout(() => this.#stop(this.#tooLate(timeoutMs)), timeoutMs);
    caller?.addEventListener('abort', this.#onAbort, { once: true });
    if (caller?.aborted === true) this.#onAbort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Looks at the pod's status beside the attempts, because only it says why a container does not start. */
  watch(): void {
    const { namespace, pod, name } = this.container;
    watchPod(this.cluster, { namespace, name: pod }, this.signal, (seen) => {
      isRunning(seen, name);
      const { waiting } = seen.status?.ephemeralContainerStatuses?.find((status) => status.name === name)?.state ?? {};
      this.#lastWords = [waiting?.reason, waiting?.message].filter((text) => text !== undefined).join(': ');
    }).catch((thrown: unknown) => this.#stop(thrown));
  }

  release(): void {
    clearTimeout(this.#timer);
    this.caller?.removeEventListener('abort', this.#onAbort);
    this.#controller.abort(new Failure('interrupted', 'no longer waited for'));
  }

  readonly #onAbort = () => {
    if (this.caller !== undefined) this.#stop(abortFailure(this.caller));
  };

  #stop(reason: unknown): void {
    this.#controller.abort(reason);
  }

  #tooLate(timeoutMs: number): Failure {
    const { namespace, pod, name } = this.container;
    const words = this.#lastWords === '' ? 'the kubelet gives no reason' : this.#lastWords;
    return new Failure('tool', `tool container ${name} of pod ${namespace}/${pod} did not start within ${timeoutMs / 1000} s: ${words}`, {
      reason: 'ToolContainerFailed',
      hint: '--tool-timeout waits longer',
    });
  }
}

function isNotReady(thrown: unknown): boolean {
  return thrown instanceof Failure && thrown.reason === containerNotReady;
}

/**
 * Executes a command in a tool container as soon as the runtime has it, which is up to a second before the pod's status
 * says so: tries at once and again every 50 ms, while a watch looks for reasons why it will never start. Throws what
 * `Cluster.exec` throws, and Failure `tool` in the kubelet's words, or `notFound` (SourceVanished) when the pod goes.
 */
export async function execWhenReady(
  cluster: Cluster,
  container: ToolContainer,
  request: Omit<ExecRequest, 'namespace' | 'pod' | 'container'>,
  options: WhenReadyOptions = {},
): Promise<ExecResult> {
  const { namespace, pod, name } = container;
  const attempt: ExecRequest = { ...request, namespace, pod, container: name };
  try {
    return await cluster.exec(attempt);
  } catch (thrown) {
    if (!isNotReady(thrown)) throw thrown;
  }
  const waiting = new Waiting(cluster, container, request.signal, options.startTimeoutMs ?? defaultTimeoutMs);
  waiting.watch();
  try {
    for (;;) {
      await pause(retryEveryMs, waiting.signal);
      try {
        return await cluster.exec(attempt);
      } catch (thrown) {
        if (!isNotReady(thrown)) throw thrown;
      }
    }
  } finally {
    waiting.release();
  }
}
