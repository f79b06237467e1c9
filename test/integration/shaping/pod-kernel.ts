// SPDX-License-Identifier: Apache-2.0
import type { PodNetwork, ShapePlan } from '../../../src/shaping/pod-network.js';
import { parseLook } from '../../unit/shaping/look.js';

/** Executes a program where the rules are to be; resolves with its stdout, rejects with what it said otherwise. */
export type Execute = (argv: readonly string[]) => Promise<string>;

const look = `
  echo @kernel; uname -r
  echo @links; ip -j link show
  echo @qdiscs; tc -s -j qdisc show
  for dev in "$device" nm-ifb; do
    ip link show "$dev" >/dev/null 2>&1 || continue
    echo "@filters $dev egress"; tc -s filter show dev "$dev" parent 6e6d: 2>/dev/null
    echo "@filters $dev ingress"; tc -s filter show dev "$dev" ingress 2>/dev/null
  done
  echo @nft; nft -j list table netdev netmachinery 2>/dev/null`;

const apply = `
  { [ -z "$root" ] || printf '%s\\n' "$root" | tc -batch - &&
    printf %s "$links" | ip -batch - && printf %s "$tc" | tc -batch - && { [ -z "$nft" ] || printf %s "$nft" | nft -f -; }; } 2>&1`;

const undo = `
  nft delete table netdev netmachinery 2>/dev/null
  tc qdisc del dev "$device" clsact 2>/dev/null
  ip link del nm-ifb 2>/dev/null
  tc qdisc del dev "$device" root handle 6e6d: 2>/dev/null`;

const script = (then: string) => `device=$1 root=$2 links=$3 tc=$4 nft=$5
  said=$(${apply}) || { echo "$said" >&2; ${undo}
  exit 1; }
  ${look}
  ${then}
  exit 0`;

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

type Lines = Pick<ShapePlan, 'tc' | 'nft'> & Partial<ShapePlan>;

/** Puts rules in place, looks at the network, and takes them away again unless they are to stay. */
export async function applied(
  execute: Execute,
  device: string,
  { root = '', links = [], tc, nft }: Lines,
  afterwards: 'undo' | 'keep' = 'undo',
): Promise<PodNetwork> {
  const argv = ['sh', '-c', script(afterwards === 'undo' ? undo : ''), 'sh', device, root, text(links), text(tc), nft];
  return parseLook(await execute(argv));
}

/** Takes away everything of ours. */
export async function undone(execute: Execute, device: string): Promise<void> {
  await execute(['sh', '-c', `device=$1; ${undo}\ntrue`, 'sh', device]);
}

export async function lookedAt(execute: Execute, device: string): Promise<PodNetwork> {
  return parseLook(await execute(['sh', '-c', `device=$1; ${look}\ntrue`, 'sh', device]));
}
