// SPDX-License-Identifier: Apache-2.0
import type { ProberPod } from './prober-pod.js';

/** Of `endpointsMap`, in bytes; a ConfigMap may have 1 MiB in all. */
const comfortableBytes = 950_000;

/** `endpointsMap` as JSON. Sorted, so that the same members are always the same text. Without what the key tells where it would not fit. */
export function endpointsText(members: readonly ProberPod[]): string {
  const names = new Map<string, number>();
  for (const { name } of members) names.set(name, (names.get(name) ?? 0) + 1);
  const text = (withPod: boolean): string =>
    JSON.stringify(
      Object.fromEntries(
        members
          .flatMap(({ namespace, name, node, endpoint }) => {
            if (endpoint === undefined) return [];
            const key = names.get(name) === 1 ? name : `${namespace}/${name}`;
            const { ip, port } = endpoint;
            const pod = withPod ? { pod: name } : {};
            return [[key, { ip, port: String(port), namespace, ...pod, node }] as const];
          })
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    );
  const whole = text(true);
  return whole.length > comfortableBytes ? text(false) : whole;
}
