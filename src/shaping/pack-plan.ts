// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import type { ShapeRecord } from '../model/shaping.js';
import type { PlanChange, ShapePlan } from './pod-network.js';

/**
 * An exec's command travels in the URL of a request, and servers and proxies bound that: 16 KiB are common. Longer plans go
 * ahead in pieces of this many bytes.
 */
const pieceBytes = 8000;
/** What a plan may have of the URL beside the scripts. */
const inlineBytes = 2500;

/** A plan as the scripts take it: in the command itself, or in pieces that are sent ahead (gzip, base64). */
export type PackedPlan = { inline: string } | { pieces: readonly string[] };

/** Packs the plan and what is written down with it: a line each, which begins with the part it belongs to (remote/plan.sh). */
export function packPlan(plan: Partial<ShapePlan> & PlanChange, record: ShapeRecord): PackedPlan {
  const lines = [
    ...(plan.root === undefined ? [] : [`root ${plan.root}`]),
    ...(plan.links ?? []).map((line) => `links ${line}`),
    ...plan.tc.map((line) => `tc ${line}`),
    ...plan.nft
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => `nft ${line}`),
    `wanted-token ${record.token}`,
    // Last: that it is there shows that all is.
    `wanted-record ${JSON.stringify(record)}`,
  ].join('\n');
  if (new URLSearchParams([['', lines]]).toString().length <= inlineBytes) return { inline: lines };
  const packed = gzipSync(`${lines}\n`, { level: 9 }).toString('base64');
  const pieces: string[] = [];
  for (let from = 0; from < packed.length; from += pieceBytes) pieces.push(packed.slice(from, from + pieceBytes));
  return { pieces };
}
