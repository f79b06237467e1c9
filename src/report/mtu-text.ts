// SPDX-License-Identifier: Apache-2.0
import type { MtuResult, Result } from '../model/report.js';
import { plainText } from './plain-text.js';

/** The path MTU in bytes, there and, where it was measured, back: `1500`, `1500/1300`. */
export function mtuText({ mtu }: Result): string {
  if (mtu?.pathMtu === undefined) return '';
  const back = mtu.reverse === undefined ? '' : `/${mtu.reverse.pathMtu ?? '-'}`;
  return `${mtu.pathMtu}${back}`;
}

/** The interface that the packets leave by, and its MTU: `eth0 1500`. */
export function interfaceText(mtu: MtuResult | undefined): string {
  if (mtu?.interfaceMtu === undefined) return '';
  return plainText([mtu.interface, mtu.interfaceMtu].filter((part) => part !== undefined).join(' '));
}

function oneLimit({ limitedBy, router }: MtuResult): string {
  return plainText(router === undefined ? (limitedBy ?? '') : `${limitedBy ?? 'router'} ${router}`);
}

/** Why larger packets do not pass: `interface`, `router 198.18.201.2`, `silence`; with the way back where that differs. */
export function limitText({ mtu }: Result): string {
  if (mtu === undefined) return '';
  const there = oneLimit(mtu);
  const back = mtu.reverse === undefined ? there : oneLimit(mtu.reverse);
  return back === there ? there : `${there || '-'} / ${back || '-'}`;
}
