// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster, ExecRequest, ExecResult } from './cluster.js';
import { containerNotReady } from './exec-status.js';
import { pause } from './pause.js';
import { vanished } from './pod-watch.js';
import { StartObserver } from './start-observer.js';
import type { ToolContainer } from './tool-container.js';

const defaultTimeoutMs = 60_000;
const firstRetryMs = 50;
/** Attempts cost the API server and the kubelet something: after a second they become rarer, until the status says more. */
const lastRetryMs = 400;

export interface WhenReadyOptions {
  /** How long the container may take to start (`--tool-timeout`), in ms; 60 s by default. */
  startTimeoutMs?: number | undefined;
}

function isNotReady(thrown: unknown): boolean {
  return thrown instanceof Failure && thrown.reason === containerNotReady;
}

function retryAfterMs(waitedMs: number): number {
  return Math.min(lastRetryMs, Math.max(firstRetryMs, waitedMs / 10));
}

/**
 * Executes a command in a tool container as soon as the runtime has it, which is up to a second before the pod's status
 * says so: tries at once and again every 50 ms, while a StartObserver looks for reasons why it will never start. Throws what
 * `Cluster.exec` throws, and Failure `tool` in the kubelet's words (reason: the kubelet's), or `notFound` (reason SourceVanished) when the pod goes.
 */
export async function execWhenReady(
  cluster: Cluster,
  container: ToolContainer,
  request: Omit<ExecRequest, 'namespace' | 'pod' | 'container'>,
  options: WhenReadyOptions = {},
): Promise<ExecResult> {
  const { namespace, pod, name } = container;
  const attempt = async (): Promise<ExecResult | undefined> => {
    try {
      return await cluster.exec({ ...request, namespace, pod, container: name });
    } catch (thrown) {
      if (isNotReady(thrown)) return undefined;
      throw thrown instanceof Failure && thrown.status === 404 ? vanished({ namespace, name: pod }) : thrown;
    }
  };
  const atOnce = await attempt();
  if (atOnce !== undefined) return atOnce;
  const startedAt = performance.now();
  const observer = new StartObserver(cluster, container, request.signal, options.startTimeoutMs ?? defaultTimeoutMs);
  try {
    for (;;) {
      const retryMs = observer.running ? firstRetryMs : retryAfterMs(performance.now() - startedAt);
      await pause(retryMs, observer.signal);
      const result = await attempt();
      if (result !== undefined) return result;
    }
  } finally {
    observer.release();
  }
}
