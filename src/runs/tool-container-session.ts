// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { ephemeralStatus } from '../kube/container-state.js';
import { containerNotReady } from '../kube/exec-status.js';
import { execWhenReady } from '../kube/exec-when-ready.js';
import type { Pod } from '../kube/objects.js';
import { pause } from '../kube/pause.js';
import { podPath } from '../kube/tool-container-patch.js';
import { prepareToolContainer, type ToolContainer } from '../kube/tool-container.js';
import { markWork } from '../kube/tool-container-script.js';
import type { ToolContainerRequest } from '../kube/tool-container-spec.js';
import type { RemoteCommand } from '../probes/probe.js';
import type { Execute } from './execute-probe.js';
import { execRequest, type EntryContext } from './pod-entry.js';

/** 128 + SIGKILL: what an exec reports whose process the kernel ended, with its container or without. */
const killedExitCode = 137;
const aliveDeadlineMs = 5000;
/** The kubelet reports the end of a container up to some seconds after it. */
const statusWaitMs = 3000;
const statusEveryMs = 200;

type Sinks = Parameters<Execute>[1];

/** Executions in one tool container, or in the next generation where that has ended before a command began. */
export class ToolContainerSession {
  constructor(
    readonly context: EntryContext,
    readonly pod: Pod,
    private container: ToolContainer,
    readonly prepareNext?: (current: Pod) => Promise<ToolContainer>,
  ) {}

  static async open(context: EntryContext, pod: Pod, request: ToolContainerRequest): Promise<ToolContainerSession> {
    const { cluster, signal } = context;
    const prepare = (current: Pod) => prepareToolContainer(cluster, current, request, { signal });
    return new ToolContainerSession(context, pod, await prepare(pod), prepare);
  }

  /** Throws Failure `tool` when the container ended while the command ran. */
  async execute(command: RemoteCommand, sinks: Sinks): Promise<number> {
    let { container } = this;
    let exitCode: number;
    try {
      exitCode = await this.#executeIn(container, command, sinks);
    } catch (thrown) {
      const next = await this.#next(container, thrown);
      if (next === undefined) throw thrown;
      container = next;
      this.container = next;
      exitCode = await this.#executeIn(next, command, sinks);
    }
    // What the end of a container leaves of an exec is this exit code, which a time limit leaves as well.
    const failure = exitCode === killedExitCode ? await this.#endFailure(container) : undefined;
    if (failure !== undefined) throw failure;
    return exitCode;
  }

  async #executeIn(container: ToolContainer, command: RemoteCommand, sinks: Sinks): Promise<number> {
    const { cluster, tool, signal } = this.context;
    const request = execRequest(command, signal, sinks);
    const marked = { ...request, argv: markWork(command.argv, command.limitMs / 1000) };
    return (await execWhenReady(cluster, container, marked, { startTimeoutMs: tool.startTimeoutMs })).exitCode;
  }

  /** The container to go on with where this one had ended by itself, or was found ended, before the command began. */
  async #next(container: ToolContainer, thrown: unknown): Promise<ToolContainer | undefined> {
    const mayHaveEnded = thrown instanceof Failure && thrown.reason === 'ToolContainerFailed';
    if (this.prepareNext === undefined || !mayHaveEnded || thrown.code !== 'tool') return undefined;
    const pod = await this.context.cluster.get<Pod>(podPath(this.pod), { signal: this.context.signal });
    const { terminated } = ephemeralStatus(pod, container.name)?.state ?? {};
    // One that failed as soon as it was added would fail again, and its entry would stay as well.
    if (terminated === undefined || (container.added && terminated.exitCode !== 0)) return undefined;
    this.context.observer.notice(
      `Note: the tool container of pod ${container.namespace}/${container.pod} had just ended; the pod gets another one`,
    );
    return this.prepareNext(pod);
  }

  /** The Failure of a container that has ended; undefined where it runs, or where nothing shows that it does not. */
  async #endFailure(container: ToolContainer): Promise<Failure | undefined> {
    const { namespace, pod, name } = container;
    const life = await this.#lookForLife(container);
    if (life === 'alive') return undefined;
    const end = await this.#terminated(container);
    if (end === undefined && life === 'unclear') return undefined;
    const how = end === undefined ? '' : ` (${end.reason ?? 'ended'}, exit code ${end.exitCode})`;
    return new Failure('tool', `tool container ${name} of pod ${namespace}/${pod} ended while tests ran in it${how}`, {
      reason: 'ToolContainerFailed',
    });
  }

  /** While a container goes down, the runtime has many words for what it cannot do in it. */
  async #lookForLife({ namespace, pod, name }: ToolContainer): Promise<'alive' | 'gone' | 'unclear'> {
    const { cluster, signal } = this.context;
    const request = { namespace, pod, container: name, argv: ['true'], deadlineMs: aliveDeadlineMs, signal };
    try {
      return (await cluster.exec(request)).exitCode === 0 ? 'alive' : 'unclear';
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.code === 'interrupted') throw thrown;
      return thrown.reason === containerNotReady || thrown.status === 404 ? 'gone' : 'unclear';
    }
  }

  /** How the status says that a container ended, within the time that the kubelet takes to notice. */
  async #terminated({ namespace, pod, name }: ToolContainer) {
    const { cluster, signal } = this.context;
    const giveUpMs = performance.now() + statusWaitMs;
    for (;;) {
      const seen = await cluster.get<Pod>(`/api/v1/namespaces/${namespace}/pods/${pod}`, { signal });
      const { terminated } = ephemeralStatus(seen, name)?.state ?? {};
      if (terminated !== undefined || performance.now() > giveUpMs) return terminated;
      await pause(statusEveryMs, signal);
    }
  }
}
