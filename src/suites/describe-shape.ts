// SPDX-License-Identifier: Apache-2.0
import { describeEffects, describeScope } from '../shaping/describe-effects.js';
import { parseEffects } from '../shaping/parse-effects.js';
import type { SuiteShape } from './suite.js';

/** A test's shape for people: `partition (egress, peer pod/db)`, `delay 50ms in deploy/db (ingress, all packets)`. */
export function describeShape({ source, effects, direction, peers }: SuiteShape): string {
  const where = source === undefined ? '' : ` in ${source.text}`;
  const scope = describeScope({ peers, exclude: [], ports: [], sourcePorts: [], destinationPorts: [] });
  return `${describeEffects(parseEffects(effects).effects)}${where} (${direction}, ${scope})`;
}
