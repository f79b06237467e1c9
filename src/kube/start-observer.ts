// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';
import type { Cluster } from './cluster.js';
import { isForbidden, startWarning } from './container-events.js';
import { ephemeralStatus, isRunning, startFailure } from './container-state.js';
import { abortFailure } from './guard.js';
import type { Pod } from './objects.js';
import { pause } from './pause.js';
import { watchPod } from './pod-watch.js';
import type { ToolContainer } from './tool-container.js';

/** Most containers run before this; then nothing but the exec itself was asked. */
const lookAfterMs = 250;
const eventsEveryMs = 1000;

/**
 * Looks, beside the attempts to execute, for reasons why a tool container will never start: the pod's status and the
 * kubelet's warnings. `signal` aborts with the Failure when there is one, when the caller's signal aborts and when the
 * time is up.
 */
export class StartObserver {
  /** The pod's status says that it runs. */
  running = false;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #pod: Pod | undefined;
  readonly #onAbort = () => {
    if (this.caller !== undefined) this.#controller.abort(abortFailure(this.caller));
  };

  constructor(
    readonly cluster: Cluster,
    readonly container: ToolContainer,
    readonly caller: AbortSignal | undefined,
    timeoutMs: number,
  ) {
    this.#timer = setTimeout(() => this.#controller.abort(this.#tooLate(timeoutMs)), timeoutMs);
    caller?.addEventListener('abort', this.#onAbort, { once: true });
    if (caller?.aborted === true) this.#onAbort();
    const stop = (thrown: unknown) => this.#controller.abort(asFailure(thrown));
    this.#watchStatus().catch(stop);
    this.#readEvents().catch(stop);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  release(): void {
    clearTimeout(this.#timer);
    this.caller?.removeEventListener('abort', this.#onAbort);
    this.#controller.abort(new Failure('interrupted', 'no longer waited for'));
  }

  async #watchStatus(): Promise<void> {
    const { namespace, pod, name } = this.container;
    await pause(lookAfterMs, this.signal);
    await watchPod(this.cluster, { namespace, name: pod }, this.signal, (seen) => {
      this.#pod = seen;
      this.running = isRunning(seen, name);
    });
  }

  async #readEvents(): Promise<void> {
    await pause(2 * lookAfterMs, this.signal);
    for (;;) {
      try {
        const warning = await startWarning(this.cluster, this.container, this.signal);
        if (warning !== undefined && this.#pod !== undefined) {
          throw startFailure(this.#pod, this.container.name, warning.reason, warning.message);
        }
      } catch (thrown) {
        if (isForbidden(thrown)) return;
        if (!(thrown instanceof Failure) || thrown.code !== 'cluster') throw thrown;
      }
      await pause(eventsEveryMs, this.signal);
    }
  }

  #tooLate(timeoutMs: number): Failure {
    const { namespace, pod, name } = this.container;
    const { reason, message } = (this.#pod && ephemeralStatus(this.#pod, name)?.state?.waiting) ?? {};
    const words = [reason, message].filter((text) => text !== undefined).join(': ');
    return new Failure(
      'tool',
      `tool container ${name} of pod ${namespace}/${pod} did not start within ${timeoutMs / 1000} s: ` +
        (words === '' ? 'the kubelet gives no reason' : words),
      { reason: 'ToolContainerFailed', hint: '--tool-timeout waits longer' },
    );
  }
}
