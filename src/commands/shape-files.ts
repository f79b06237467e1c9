// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { scopeResolver } from '../shaping/resolve-peers.js';
import type { ShapeTask } from '../shaping/shape-request.js';
import type { ShapeFlags } from './flags/shape-flags.js';
import { checkDuration, defaultDurationMs, type ParsedShape } from './shape-request.js';
import { effectWords } from './shape-words.js';

/** Words and flags that say again, or otherwise, what a file says. */
function refuseBesideFile(words: readonly string[], flags: ShapeFlags): void {
  const effects = Object.entries(effectWords(flags)).filter(([, word]) => word !== undefined && word !== false);
  const scope = ['peer', 'exclude', 'port', 'source-port', 'destination-port', 'protocol', 'interface'] as const;
  const given = [
    words.length > 0 ? 'names of pods' : '',
    flags.selector === undefined ? '' : '--selector',
    flags.mode === 'one' ? '' : '--mode',
    flags['from-node'] === undefined ? '' : '--from-node',
    flags.direction === 'egress' ? '' : '--direction',
    flags.follow ? '--follow' : '',
    effects.length > 0 ? 'effects' : '',
    ...scope.map((name) => (flags[name] === undefined ? '' : `--${name}`)),
  ].filter((word) => word !== '');
  if (given.length === 0) return;
  throw new Failure('usage', `-f says which pods and what: ${given.join(', ')} cannot be given beside it`);
}

/** `shape -f`. Throws Failure `usage` with everything that is wrong in the files. */
export async function parseShapeFiles(words: readonly string[], flags: ShapeFlags): Promise<ParsedShape> {
  refuseBesideFile(words, flags);
  const [{ readShapeFiles }, { resolveTargets }, { mergeForPods }] = await Promise.all([
    import('./read-shape-files.js'),
    import('../shaping/manifests/resolve-targets.js'),
    import('../shaping/manifests/merge-for-pods.js'),
  ]);
  const { targets, warnings } = await readShapeFiles(flags.filename ?? []);
  return {
    warnings,
    tasks: async (cluster, signal) => {
      const merged = mergeForPods(await resolveTargets(cluster, targets, { maxPods: flags['max-pods'], signal }));
      return Promise.all(
        merged.map(async ({ pod, effects, direction, scope, interface: device, durationMs }): Promise<ShapeTask> => {
          const resolve = scopeResolver(scope);
          return {
            source: pod,
            effects,
            direction,
            scope,
            peers: await resolve(cluster, signal),
            peersNow: (now) => resolve(cluster, now),
            interface: device,
            durationMs: checkDuration(flags.duration ?? durationMs ?? defaultDurationMs, flags.yes),
          };
        }),
      );
    },
  };
}
