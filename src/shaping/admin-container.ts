// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { execWhenReady } from '../kube/exec-when-ready.js';
import type { Pod } from '../kube/objects.js';
import { podPath } from '../kube/tool-container-patch.js';
import { prepareToolContainer } from '../kube/tool-container.js';
import { markWork } from '../kube/tool-container-script.js';
import type { ToolContainerRequest } from '../kube/tool-container-spec.js';
import type { ShapeRecord } from '../model/shaping.js';
import { toolRequest, type EntryContext } from '../runs/pod-entry.js';
import type { RunInPod } from './pod-shaper.js';

/** How much longer than the command's own limit an exec may take before it is given up. */
const graceMs = 5000;

/** A tool container in which the pod's network can be changed. */
export interface AdminContainer {
  container: string;
  run: RunInPod;
  /** Whether this call added it. */
  added: boolean;
}

export interface AdminOptions {
  /** Written into the specification of a new one, with its name as `container`. */
  record?: ShapeRecord | undefined;
  /** Whether it has to be a new one, so that its specification says what it is for. */
  fresh: boolean;
  /** As the API server calls who asks. */
  caller?: string | undefined;
}

/** What the admin container of a pod has to be like. */
export function adminRequest(context: Pick<EntryContext, 'tool'>, options: AdminOptions): ToolContainerRequest {
  const request = toolRequest(context.tool, ['NET_ADMIN'], options.caller ?? options.record?.caller);
  return { ...request, shape: options.record, fresh: options.fresh };
}

/**
 * The admin container of a pod, when it runs: one that is there, unless `fresh`, or a new one. Throws what
 * `prepareToolContainer` and `execWhenReady` throw.
 */
export async function enterAdminContainer(
  context: EntryContext,
  pod: Pod,
  options: AdminOptions,
): Promise<AdminContainer> {
  const { cluster, signal, tool } = context;
  const request = adminRequest(context, options);
  let container = await prepareToolContainer(cluster, pod, request, { signal });
  const running = async () => {
    const exec = { argv: ['true'], deadlineMs: tool.startTimeoutMs + graceMs, signal };
    await execWhenReady(cluster, container, exec, { startTimeoutMs: tool.startTimeoutMs });
  };
  try {
    await running();
  } catch (thrown) {
    // One that was there may have ended by itself since the pod was read.
    const ended = thrown instanceof Failure && thrown.reason === 'ToolContainerFailed' && !container.added;
    if (!ended) throw thrown;
    const current = await cluster.get<Pod>(podPath(pod), { signal });
    container = await prepareToolContainer(cluster, current, request, { signal });
    await running();
  }
  const place = { namespace: container.namespace, pod: container.pod, container: container.name };
  return { container: container.name, added: container.added, run: runInContainer(cluster, place, signal) };
}

/**
 * Execution in a tool container that runs, within the bounds of all work there. No leash: what is begun is done or undone
 * in the pod, whether we live or not.
 */
export function runInContainer(
  cluster: Cluster,
  container: { namespace: string; pod: string; container: string },
  signal?: AbortSignal,
): RunInPod {
  return async (argv, limitMs) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const { exitCode } = await cluster.exec({
      ...container,
      argv: markWork(argv, limitMs / 1000),
      deadlineMs: limitMs + graceMs,
      signal,
      onStdout: (chunk) => stdout.push(chunk),
      onStderr: (chunk) => stderr.push(chunk),
    });
    return { exitCode, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
  };
}
