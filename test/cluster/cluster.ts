// SPDX-License-Identifier: Apache-2.0
import { mkdir, realpath } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../src/errors/failure.js';
import { complete } from './completion.js';
import { findComponents, type Component } from './components.js';
import { agentImageName, isAgentArchive } from './images/agent-image.js';
import { start } from './start.js';
import { kubeconfigOf } from './kubeconfigs.js';
import { clearLeftovers, findLeftovers } from './leftovers.js';
import { withLock } from './lock.js';
import { removeNode2 } from './node2/membership.js';
import { pathsBelow, testHome, type ClusterPaths } from './paths.js';
import { progressOnStderr, type Progress } from './progress.js';
import { prepare, type Prepared } from './preparation.js';
import { readState } from './state.js';

export interface ClusterOptions {
  /** Start node2, in User-Mode Linux, as well. */
  node2?: boolean;
  /** Put the workload for tests and demo into the cluster; true unless said otherwise. */
  workload?: boolean;
  /** Takes a line for each step; stderr unless given. */
  progress?: Progress;
}

/** Variables for programs that use the cluster: PATH begins with a folder that holds the plain kubectl. */
export interface ClusterEnvironment {
  KUBECONFIG: string;
  PATH: string;
  NETMACHINERY_IMAGE: string;
  /** Empty until a cluster with it was started. */
  NETMACHINERY_AGENT_IMAGE: string;
}

/** The image with all tools, which stands in for the plugin's default image where no registry is reachable. */
const toolboxImage = 'docker.io/netmachinery-test/toolbox:1';

async function clusterPaths(): Promise<ClusterPaths> {
  const home = testHome();
  await mkdir(home, { recursive: true });
  // The kernel names mounts and sockets by their real path.
  return pathsBelow(await realpath(home));
}

/**
 * Starts the test cluster, or does nothing if it runs and is well. One that is ill, or was left half started, is cleared
 * away first. Needs root, Debian and Go; throws a Failure that says what is missing or did not start.
 */
export async function clusterUp(options: ClusterOptions = {}): Promise<ClusterEnvironment> {
  const { node2 = false, workload = true, progress = progressOnStderr() } = options;
  if (process.getuid?.() !== 0) throw new Failure('unsupported', 'the test cluster needs root');
  const paths = await clusterPaths();
  await withLock(paths, progress, async () => {
    const prepared = await prepare(paths, progress);
    await ensureRunning(prepared, paths, progress);
    const state = await readState(paths);
    if (state === undefined) throw new Failure('bug', 'a start was completed and left no record');
    await complete(state, { node2, workload }, prepared, paths, progress);
  });
  return environment(paths);
}

/** Starts what has to be started: nothing, if all is well; all but node2, or node2 alone by its removal, if not. */
async function ensureRunning(prepared: Prepared, paths: ClusterPaths, progress: Progress): Promise<void> {
  const ill = (await readState(paths)) === undefined ? undefined : await illComponents(paths);
  for (const { name, detail } of ill ?? []) progress(`${name}: ${detail}`);
  if (ill?.every(({ part }) => part === 'node2')) {
    if (ill.length > 0) await removeNode2(paths);
    return;
  }
  if ((await findLeftovers(paths)).length > 0) {
    progress('clearing away what is left of an earlier start');
    await clearLeftovers(paths);
  }
  await start(prepared, paths, progress);
}

/**
 * What is ill of a started cluster. A process that has ended stays so; the rest may only be slow, and is given 20 s: that
 * node2 has ended tells nothing of the others.
 */
async function illComponents(paths: ClusterPaths): Promise<Component[]> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const ill = (await findComponents(paths)).filter(({ well }) => !well);
    const lost = new Set(ill.filter(({ lasting }) => lasting).map(({ part }) => part));
    const isSure = lost.has('cluster') || ill.every(({ part }) => lost.has(part));
    if (isSure || performance.now() > deadline) return ill;
    await sleep(500);
  }
}

/**
 * Boots node2 anew if `isIll` says so when nobody else changes the cluster. The other parts stay as they are, however slow
 * they are just now: tests use them.
 */
export async function rebootNode2(isIll: () => Promise<boolean>, progress: Progress): Promise<void> {
  const paths = await clusterPaths();
  await withLock(paths, progress, async () => {
    if (!(await isIll())) return;
    const prepared = await prepare(paths, progress);
    await removeNode2(paths);
    const state = await readState(paths);
    if (state === undefined) throw new Failure('cluster', 'the cluster is down');
    await complete(state, { node2: true, workload: state.workload !== undefined }, prepared, paths, progress);
  });
}

/** Stops the cluster and removes every trace of it. Returns a line for each thing that is left nevertheless. */
export async function clusterDown(options: Pick<ClusterOptions, 'progress'> = {}): Promise<string[]> {
  const { progress = progressOnStderr() } = options;
  const paths = await clusterPaths();
  return withLock(paths, progress, async () => {
    await clearLeftovers(paths);
    const left = await findLeftovers(paths);
    progress(left.length === 0 ? 'down, nothing is left' : 'down, but not all is gone');
    return left;
  });
}

/** The parts of the cluster and how each is; empty if it is down. */
export async function clusterStatus(): Promise<Component[]> {
  return findComponents(await clusterPaths());
}

/** Whether a start has been completed and nothing has stopped the cluster since; says nothing of how well it is. */
export async function clusterRuns(): Promise<boolean> {
  return (await readState(await clusterPaths())) !== undefined;
}

/** The variables that `clusterUp` gives, whether the cluster runs or not. */
export async function clusterEnvironment(): Promise<ClusterEnvironment> {
  return environment(await clusterPaths());
}

async function environment(paths: ClusterPaths): Promise<ClusterEnvironment> {
  const agent = (await readState(paths))?.images.find(isAgentArchive);
  return {
    KUBECONFIG: kubeconfigOf('admin', paths),
    PATH: [paths.kubectl, process.env['PATH'] ?? '/usr/bin:/bin'].join(delimiter),
    NETMACHINERY_IMAGE: toolboxImage,
    NETMACHINERY_AGENT_IMAGE: agent === undefined ? '' : agentImageName(agent),
  };
}
