// SPDX-License-Identifier: Apache-2.0

/** What the source's kernel says of the way, before anything is sent. Sizes in bytes. */
export interface WayOut {
  interface?: string;
  /** Of the interface itself. */
  interfaceMtu?: number;
  /** Set for the route (`mtu` of ip-route(8)), not learnt. */
  routeMtu?: number;
  /** Learnt from a router before, and for how many seconds the kernel remembers it. */
  learntMtu?: number;
  learntForSeconds?: number;
}

/**
 * The lines of `ip -o route get` and `ip -o link show`:
 * `198.18.202.2 via 198.18.200.1 dev eth0 src 198.18.200.2 uid 65534 \    cache expires 599sec mtu 1300`,
 * `2: eth0@if10: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue ...`. What expires was learnt (ip-route(8)).
 */
export function readWayOut(route: string, link: string): WayOut {
  const device = / dev (\S{1,15})(?: |$)/.exec(route)?.[1];
  const interfaceMtu = numberIn(/ mtu (\d{1,10})(?: |$)/, link);
  const mtu = numberIn(/ mtu (?:lock )?(\d{1,10})(?: |$)/, route);
  const expires = numberIn(/ expires (\d{1,10})sec/, route);
  return {
    ...(device === undefined ? {} : { interface: device }),
    ...(interfaceMtu === undefined ? {} : { interfaceMtu }),
    ...(mtu === undefined ? {} : expires === undefined ? { routeMtu: mtu } : { learntMtu: mtu }),
    ...(expires === undefined ? {} : { learntForSeconds: expires }),
  };
}

function numberIn(pattern: RegExp, text: string): number | undefined {
  const digits = pattern.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
