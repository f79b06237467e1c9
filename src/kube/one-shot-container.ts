// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { Failure } from '../errors/failure.js';
import type { Cluster } from './cluster.js';
import { ephemeralStatus } from './container-state.js';
import type { Pod } from './objects.js';
import { oneShotCommand, readOneShotLine } from './one-shot-script.js';
import { oneShotSpec } from './one-shot-spec.js';
import { pause } from './pause.js';
import { assertEligible, podLabel } from './pod-eligibility.js';
import { followLogWhenReady } from './pod-log.js';
import { mayPass, patchToolContainer, podPath } from './tool-container-patch.js';
import { refusalOf, type ToolContainer } from './tool-container.js';
import type { ToolContainerRequest } from './tool-container-spec.js';

const maxTries = 5;
/** How much longer than the command's own limit its log is followed. */
const graceMs = 5000;
/** How long the kubelet may take to report why a container has ended. */
const statusWaitMs = 3000;
const resumeAfterMs = 500;

/** A command that is a container's own, and where its output goes. */
export interface OneShotRequest {
  argv: readonly string[];
  limitMs: number;
  tool: ToolContainerRequest;
  startTimeoutMs: number;
  signal: AbortSignal;
  onStdout: (chunk: Buffer) => void;
  onStderr: (chunk: Buffer) => void;
}

/** One pod's one-shot containers: they are added one after another, because each needs a name of its own. */
export class OneShotContainers {
  #pod: Pod;
  #adding: Promise<unknown> = Promise.resolve();
  /** Limits in ms of the containers that run a command, by name. */
  readonly #unfinished = new Map<string, number>();

  constructor(
    readonly cluster: Cluster,
    pod: Pod,
  ) {
    this.#pod = pod;
  }

  /**
   * Runs a command as an ephemeral container of its own and hands over what it prints, line by line. Resolves with its
   * exit code; throws Failure, in the kubelet's words where it cannot start or was ended.
   */
  async run(request: OneShotRequest): Promise<number> {
    assertEligible(this.#pod);
    const endWord = `@end-${randomBytes(8).toString('hex')}`;
    const command = oneShotCommand(request.argv, request.limitMs / 1000, endWord);
    const added = this.#adding.then(() => this.#add(request, command, endWord));
    this.#adding = added.catch(() => undefined);
    const container = await added;
    this.#unfinished.set(container.name, request.limitMs);
    try {
      return await this.#follow(container, request);
    } finally {
      // Who stops to wait does not stop the command: nobody holds its input.
      if (!request.signal.aborted) this.#unfinished.delete(container.name);
    }
  }

  /** What goes on although nobody waits for it any more, in words. */
  unfinished(): string[] {
    return [...this.#unfinished].map(
      ([name, limitMs]) =>
        `container ${name} of pod ${podLabel(this.#pod)} goes on for up to ${Math.ceil(limitMs / 1000)} s`,
    );
  }

  async #follow(container: ToolContainer, request: OneShotRequest): Promise<number> {
    const { signal } = request;
    let exitCode: number | undefined;
    let linesRead = 0;
    const onLine = (line: string): boolean => {
      linesRead += 1;
      const said = readOneShotLine(line);
      if (said.kind === 'stdout') request.onStdout(Buffer.from(`${said.text}\n`));
      if (said.kind === 'stderr') request.onStderr(Buffer.from(`${said.text}\n`));
      if (said.kind === 'truncated') {
        throw new Failure('tool', 'the tool printed more than --no-exec reads', { reason: 'ToolFailed' });
      }
      if (said.kind === 'ended') ({ exitCode } = said);
      return said.kind === 'ended';
    };
    const giveUpMs = performance.now() + request.startTimeoutMs + request.limitMs + graceMs;
    for (let hasEnded: string | undefined; ;) {
      try {
        const totalMs = Math.max(1, giveUpMs - performance.now());
        const startTimeoutMs = Math.min(request.startTimeoutMs, totalMs);
        await followLogWhenReady(this.cluster, container, {
          skipLines: linesRead,
          onLine,
          startTimeoutMs,
          totalMs,
          signal,
        });
        if (exitCode !== undefined) return exitCode;
        if (hasEnded !== undefined) throw new Failure('tool', hasEnded, { reason: 'ToolContainerFailed' });
        hasEnded = await this.#howEnded(container.name, signal);
      } catch (thrown) {
        // The command goes on without us, and its log keeps what was missed.
        const isLost = thrown instanceof Failure && thrown.code === 'cluster';
        if (!isLost || performance.now() > giveUpMs) throw thrown;
        await pause(resumeAfterMs, signal);
      }
    }
  }

  async #add({ tool, signal }: OneShotRequest, command: string[], endWord: string): Promise<ToolContainer> {
    for (let tries = 1; ; tries += 1) {
      const container = oneShotSpec(this.#pod, tool, command);
      try {
        this.#pod = await patchToolContainer(this.cluster, this.#pod, container, { signal });
        return this.#toolContainer(container.name);
      } catch (thrown) {
        if (!mayPass(thrown)) throw await refusalOf(thrown, this.cluster, this.#pod, tool, { signal });
        // Somebody else may have taken the name; or it was added, and only the answer says otherwise.
        this.#pod = await this.cluster.get<Pod>(podPath(this.#pod), { signal });
        const mine = this.#pod.spec.ephemeralContainers?.find((each) => each.command?.includes(endWord) === true);
        if (mine !== undefined) return this.#toolContainer(mine.name);
        if (tries >= maxTries) throw await refusalOf(thrown, this.cluster, this.#pod, tool, { signal });
        assertEligible(this.#pod);
        await pause(tries * (50 + Math.random() * 100), signal);
      }
    }
  }

  #toolContainer(name: string): ToolContainer {
    const { namespace = 'default', name: pod, uid } = this.#pod.metadata;
    return { namespace, pod, podUid: uid, name, added: true, running: false };
  }

  /** How a container ended whose log ends too early, once the kubelet has reported it; undefined while it runs. */
  async #howEnded(name: string, signal: AbortSignal): Promise<string | undefined> {
    const giveUpMs = performance.now() + statusWaitMs;
    for (;;) {
      const pod = await this.cluster.get<Pod>(podPath(this.#pod), { signal });
      const { terminated } = ephemeralStatus(pod, name)?.state ?? {};
      if (terminated !== undefined) {
        const how = `exit code ${terminated.exitCode}, ${terminated.reason ?? 'no reason is given'}`;
        return `container ${name} of pod ${podLabel(pod)} ended before its tests did (${how})`;
      }
      if (performance.now() > giveUpMs) return undefined;
      await pause(200, signal);
    }
  }
}
