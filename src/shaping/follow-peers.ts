// SPDX-License-Identifier: Apache-2.0
import { asFailure } from '../errors/failure.js';
import { podLabel } from '../kube/pod-eligibility.js';
import type { EntryContext } from '../runs/pod-entry.js';
import type { LivingShape } from './living-shape.js';
import { planChange } from './plan-change.js';
import type { Rule } from './shape-plan.js';
import { scopeOf } from './shape-scope.js';

/** In whatever order they were found. */
const networksOf = ({ scope }: Rule) => [...[...scope.peers].sort(), '!', ...[...scope.excluded].sort()].join();

/**
 * Keeps one shape's filters at the addresses that its peers have now: to be called again and again. Queued packets survive
 * a change, and its time does not begin anew: it ends in `secondsLeft`. Peers that have no address for a while, or that
 * nobody can be asked about, leave the filters as they are. Resolves with why the shape has ended where a change failed.
 */
export function followPeers(
  context: EntryContext,
  shape: LivingShape,
  secondsLeft: () => number,
): () => Promise<string | undefined> {
  const { prepared, record } = shape;
  const { task, inspection, node, shaper, device } = prepared;
  const label = podLabel(prepared.pod);
  let current = prepared.rule;
  let told: string | undefined;
  const tell = (line: string) => {
    if (line !== told) context.observer.notice(`Note: pod ${label}: ${line}`);
    told = line;
  };

  const follow = async (): Promise<string | undefined> => {
    const hosts = [...task.peers.peers.hosts, ...task.peers.excluded.hosts];
    const found = await task.peersNow(context.signal);
    const resolved = hosts.length === 0 ? inspection.hosts : await shaper.resolve(hosts);
    const scope = scopeOf(task, found, { hosts: resolved, gateways: inspection.gateways }, node);
    const rule: Rule = { ...current, scope };
    if (networksOf(rule) === networksOf(current)) return undefined;
    const network = await shaper.look();
    const change = planChange({ rule: current, network }, rule, device);
    // In its last second it is left to end as it is.
    const seconds = Math.floor(secondsLeft());
    if (change === undefined || seconds < 1) return undefined;
    const changed = await shaper.change(record.token, change, record, seconds);
    if (changed === 'gone') return undefined;
    if (changed !== 'changed') return `its filters could not be changed (${changed.failed}), so it was cleared`;
    current = rule;
    tell(`now for ${scope.peers.join(', ')}`);
    return undefined;
  };

  return async () => {
    try {
      return await follow();
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code === 'interrupted' || failure.code === 'bug') throw failure;
      tell(`its peers stay as they were: ${failure.message}`);
      return undefined;
    }
  };
}
