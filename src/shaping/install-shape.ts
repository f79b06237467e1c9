// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { podLabel } from '../kube/pod-eligibility.js';
import type { ShapeRecord } from '../model/shaping.js';
import { alreadyShaped } from './already-shaped.js';
import { foreignQdisc } from './foreign-qdisc.js';
import { planChange } from './plan-change.js';
import type { PodNetwork, ShapePlan } from './pod-network.js';
import type { PreparedShape } from './prepared-shape.js';
import { readbackDifferences } from './readback.js';
import { planShape } from './shape-plan.js';

/** Changes the shape of ours that is there; false where that has ended or would need other interfaces. */
async function changeInPlace(prepared: PreparedShape, record: ShapeRecord, seconds: number): Promise<boolean> {
  const { replaces, changer, inspection, rule, device } = prepared;
  if (replaces?.interface !== device) return false;
  // A distribution does not show in the kernel, so what was asked then has to say whether there is one.
  const before = { rule: { ...rule, effects: replaces.effects }, network: inspection };
  const change = planChange(before, rule, device);
  if (change === undefined) return false;
  const changed = await changer.change(replaces.token, change, record, seconds);
  if (typeof changed === 'string') return changed === 'changed';
  throw new Failure('tool', `pod ${podLabel(prepared.pod)}: the shape could not be changed: ${changed.failed}`, {
    reason: 'ToolContainerFailed',
    hint: 'it was cleared instead',
  });
}

/** Clears the shape of ours that cannot be changed in place; the plan for what the pod's network is like then. */
async function planWithout({ changer, inspection, rule, device }: PreparedShape): Promise<ShapePlan> {
  const { network } = await changer.clear(undefined);
  return planShape(rule, device, { ...inspection, ...network });
}

async function installNew(
  { changer, pod }: PreparedShape,
  plan: ShapePlan,
  record: ShapeRecord,
  seconds: number,
): Promise<PodNetwork> {
  const installed = await changer.install(plan, record, seconds);
  const label = podLabel(pod);
  switch (installed.outcome) {
    case 'installed':
      return installed.network;
    case 'taken':
      throw alreadyShaped(label, installed.record);
    case 'foreign':
      throw foreignQdisc(label, plan.interface, installed.what);
    case 'failed':
      throw new Failure('tool', `pod ${label}: the rules could not be made: ${installed.message}`, {
        reason: 'ToolContainerFailed',
        hint: 'what was made of them is removed',
      });
  }
}

/**
 * Makes one pod's rules and reads them back. Throws Failure `tool` (AlreadyShaped, ReadbackDiffers) or `unsupported`
 * (ForeignQdisc), and what execution throws: whoever calls clears what may be there then.
 */
export async function installShape(prepared: PreparedShape, record: ShapeRecord, seconds: number): Promise<PodNetwork> {
  const { changer, rule, plan, pod, replaces } = prepared;
  const changed = await changeInPlace(prepared, record, seconds);
  const network = changed
    ? await changer.look()
    : await installNew(prepared, replaces === undefined ? plan : await planWithout(prepared), record, seconds);
  const [difference] = readbackDifferences(rule, plan, network);
  if (difference === undefined) return network;
  throw new Failure('tool', `pod ${podLabel(pod)}: the kernel has something else than was asked: ${difference}`, {
    reason: 'ReadbackDiffers',
    hint: 'the rules are cleared',
  });
}
