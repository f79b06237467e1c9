// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { Direction } from '../model/shaping.js';
import { parseEffects } from '../shaping/parse-effects.js';
import { scopeResolver } from '../shaping/resolve-peers.js';
import type { ShapeRequest, ShapeTask } from '../shaping/shape-request.js';
import { parseDestination } from '../targets/destination-grammar.js';
import type { SourceSpec } from '../targets/refs.js';
import { parseMode } from '../targets/source-choice.js';
import { parseSelectorSource, parseSource } from '../targets/source-grammar.js';
import { resolveSources } from '../targets/sources.js';
import type { SourcePod } from '../targets/source-pod.js';
import { joinTypesAndNames } from '../targets/target-arguments.js';
import type { ShapeFlags } from './flags/shape-flags.js';
import { effectWords, scopeWords } from './shape-words.js';
import { toolOptions } from './tool-options.js';

const hourMs = 3_600_000;
export const defaultDurationMs = 60_000;
/** netlink and /proc/uptime would take more; nobody means it. */
const mostMs = 30 * 24 * hourMs;
/** An interface's name (IFNAMSIZ of linux/if.h), as a word for tc. */
const interfaceName = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}$/;

/** Throws Failure `usage` for a time that needs more care. */
export function checkDuration(durationMs: number, yes: boolean): number {
  if (durationMs > mostMs) throw new Failure('usage', 'a shape lasts at most 30 days');
  if (durationMs <= hourMs || yes) return durationMs;
  throw new Failure('usage', 'a shape of more than an hour needs --yes', {
    hint: 'it ends by itself only then; --detach and shape clear end it when you want',
  });
}

export interface ParsedShape {
  warnings: readonly string[];
  /** Finds the pods; throws Failure `notFound` or `usage`. */
  tasks: (cluster: Cluster, signal: AbortSignal) => Promise<ShapeTask[]>;
}

function checkInterface(name: string | undefined): void {
  if (name !== undefined && !interfaceName.test(name)) {
    throw new Failure('usage', `${JSON.stringify(name)} can not be the name of an interface`);
  }
}

async function sourcePods(cluster: Cluster, specs: readonly SourceSpec[], flags: ShapeFlags, signal: AbortSignal) {
  const maxPods = flags['max-pods'];
  const found = await Promise.all(
    specs.map((spec) =>
      resolveSources(cluster, spec, { mode: parseMode(flags.mode), maxPods, fromNode: flags['from-node'], signal }),
    ),
  );
  const pods = new Map<string, SourcePod>(found.flat().map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  if (pods.size > maxPods) {
    throw new Failure('usage', `${pods.size} pods would be shaped, and --max-pods is ${maxPods}`, {
      hint: `allow it with --max-pods ${pods.size}, or name fewer pods`,
    });
  }
  return [...pods.values()];
}

/** Words and flags of `shape` without a file. Throws Failure `usage` before anything is touched. */
export function parseShape(words: readonly string[], flags: ShapeFlags): ParsedShape {
  if (flags.selector !== undefined && words.length > 0) {
    throw new Failure('usage', 'name cannot be provided when a selector is specified');
  }
  if (flags.selector === undefined && words.length === 0) {
    throw new Failure('usage', 'a pod is needed', { hint: 'usage: shape SRC EFFECT..., shape -l SELECTOR EFFECT...' });
  }
  const specs =
    flags.selector === undefined
      ? joinTypesAndNames(words).map((word) => parseSource([word]))
      : [parseSelectorSource(flags.selector)];
  checkInterface(flags.interface);
  const { effects, warnings } = parseEffects(effectWords(flags));
  const scope = scopeWords(flags);
  const resolve = scopeResolver(scope);
  if (flags.follow && scope.peers.length === 0) {
    throw new Failure('usage', '--follow keeps up with the addresses of peers, and there is no --peer');
  }
  if (flags['allow-host-network'] && scope.peers.length === 0) {
    throw new Failure('usage', '--allow-host-network needs --peer: without it the whole node would be shaped');
  }
  const durationMs = checkDuration(flags.duration ?? defaultDurationMs, flags.yes);
  return {
    warnings,
    tasks: async (cluster, signal) => {
      const [sources, found] = await Promise.all([sourcePods(cluster, specs, flags, signal), resolve(cluster, signal)]);
      return sources.map((source) => ({
        source,
        effects,
        direction: flags.direction as Direction,
        scope,
        peers: found,
        peersNow: (now) => resolve(cluster, now),
        interface: flags.interface,
        durationMs,
      }));
    },
  };
}

/** What of the request does not depend on which pods there are. */
export function shapeOptions(flags: ShapeFlags): Omit<ShapeRequest, 'tasks' | 'signal' | 'warnings'> {
  const verifyTo = flags['verify-to'];
  return {
    tool: toolOptions(flags),
    replace: flags.replace,
    force: flags.force,
    keepGoing: flags['keep-going'],
    allowHostNetwork: flags['allow-host-network'],
    detach: flags.detach,
    follow: flags.follow,
    verify: !flags['no-verify'],
    verifyTo: verifyTo === undefined ? undefined : parseDestination(verifyTo, { verb: 'ping' }),
    dryRun: flags['dry-run'] as ShapeRequest['dryRun'],
  };
}
