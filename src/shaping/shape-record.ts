// SPDX-License-Identifier: Apache-2.0
import type { Direction, ShapeRecord } from '../model/shaping.js';

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isText: Check = (value) => typeof value === 'string';
const isTime: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const oneOf =
  (...words: readonly unknown[]): Check =>
  (value) =>
    words.includes(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** An object with fields of these kinds; those whose names end in `?` may be absent. Others are let pass: a later release may write them. */
function fields(checks: Record<string, Check>): Check {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(checks).every(([key, check]) => {
      const name = key.replace(/\?$/, '');
      const found = (value as Record<string, unknown>)[name];
      return found === undefined ? name !== key : check(found);
    });
}

const chance = { percent: isNumber, 'correlationPercent?': isNumber };

const isLoss: Check = (value) =>
  fields({ model: oneOf('random'), ...chance })(value) ||
  fields({ model: oneOf('gemodel'), p: isNumber, 'r?': isNumber, 'oneMinusH?': isNumber, 'oneMinusK?': isNumber })(
    value,
  ) ||
  fields({
    model: oneOf('state'),
    p13: isNumber,
    'p31?': isNumber,
    'p32?': isNumber,
    'p23?': isNumber,
    'p14?': isNumber,
  })(value);

const isEffects = fields({
  'delay?': fields({
    us: isNumber,
    'jitterUs?': isNumber,
    'correlationPercent?': isNumber,
    'distribution?': oneOf('normal', 'pareto', 'paretonormal'),
  }),
  'loss?': isLoss,
  'duplicate?': fields(chance),
  'corrupt?': fields(chance),
  'reorder?': fields({ ...chance, 'gap?': isNumber }),
  'rateBitsPerSecond?': isNumber,
  'limitPackets?': isNumber,
  'slot?': fields({ minUs: isNumber, 'maxUs?': isNumber, 'packets?': isNumber, 'bytes?': isNumber }),
  'partition?': oneOf(true),
});

const isScope = fields({
  peers: listOf(isText),
  exclude: listOf(isText),
  ports: listOf(isNumber),
  sourcePorts: listOf(isNumber),
  destinationPorts: listOf(isNumber),
  'protocol?': oneOf('tcp', 'udp', 'icmp'),
});

const isRecord = fields({
  token: isText,
  'caller?': isText,
  'reason?': isText,
  interface: isText,
  direction: oneOf('egress', 'ingress', 'both' satisfies Direction),
  effects: isEffects,
  scope: isScope,
  container: isText,
  startedAt: isTime,
  endsAt: isTime,
  podIPs: listOf(isText),
});

/** The record in a text of the cluster, which anybody may have written; undefined where it is none. */
export function parseShapeRecord(text: string | undefined): ShapeRecord | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? (value as ShapeRecord) : undefined;
  } catch {
    return undefined;
  }
}
