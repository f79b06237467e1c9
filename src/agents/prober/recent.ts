// SPDX-License-Identifier: Apache-2.0
import {
  probeProtocols,
  rememberedProbes,
  type ProbeProtocol,
  type RecentDestination,
  type RecentProbe,
} from '../../model/prober.js';
import type { Member } from './peer-list.js';
import { failureReasons, type ProbeResult } from './probe-result.js';
import type { RecentQuery } from './recent-query.js';

/** How long a destination that left the list is remembered after its last probe: a killed pod is to be seen failing. */
const memoryOfLeftMs = 60_000;

/** The last probes of one destination by one protocol, in 2 kB: a prober may have a thousand of these. */
class Ring {
  /** On the clock of `now`. */
  private readonly endedMs = new Float64Array(rememberedProbes);
  /** Milliseconds; a failure is a negative number, -1 - its place in failureReasons. */
  private readonly values = new Float64Array(rememberedProbes);
  private count = 0;

  get newestMs(): number {
    return this.count === 0 ? -Infinity : (this.endedMs[(this.count - 1) % rememberedProbes] ?? 0);
  }

  add(endedMs: number, result: ProbeResult): void {
    const place = this.count % rememberedProbes;
    this.endedMs[place] = endedMs;
    this.values[place] = 'failure' in result ? -1 - failureReasons.indexOf(result.failure) : result.seconds * 1000;
    this.count += 1;
  }

  /** Oldest first. */
  since(nowMs: number, sinceMs: number): RecentProbe[] {
    const probes: RecentProbe[] = [];
    for (let each = Math.max(0, this.count - rememberedProbes); each < this.count; each++) {
      const agoMs = Math.max(0, Math.round(nowMs - (this.endedMs[each % rememberedProbes] ?? 0)));
      if (agoMs > sinceMs) continue;
      const value = this.values[each % rememberedProbes] ?? 0;
      if (value >= 0) probes.push({ agoMs, ms: Math.round(value * 1000) / 1000 });
      else probes.push({ agoMs, failure: failureReasons[-1 - value] ?? 'other' });
    }
    return probes;
  }
}

interface Remembered {
  member: Member;
  left: boolean;
  rings: Partial<Record<ProbeProtocol, Ring>>;
}

/** The last probes of all destinations. Those that left the list stay until their newest probe is a minute old. */
export class RecentMemory {
  private readonly destinations = new Map<string, Remembered>();

  /** `now`: milliseconds on a clock that never goes back. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  observe(protocol: ProbeProtocol, member: Member, result: ProbeResult): void {
    const remembered = this.destinations.get(keyOf(member));
    if (remembered !== undefined) (remembered.rings[protocol] ??= new Ring()).add(this.now(), result);
  }

  /** From now on these are probed, and nothing else is. */
  list(members: Iterable<Member>): void {
    for (const remembered of this.destinations.values()) remembered.left = true;
    for (const member of members) {
      const rings = this.destinations.get(keyOf(member))?.rings ?? {};
      this.destinations.set(keyOf(member), { member, left: false, rings });
    }
    this.forget();
  }

  /** A destination that was not probed yet has no probes. */
  recent({ sinceMs, protocols }: RecentQuery): RecentDestination[] {
    this.forget();
    const nowMs = this.now();
    return [...this.destinations.values()].map(({ member: { namespace, pod, node, ip }, left, rings }) => ({
      namespace,
      pod,
      node,
      ip,
      ...(left ? { left } : {}),
      probes: Object.fromEntries(
        protocols.flatMap((protocol) => {
          const ring = rings[protocol];
          return ring === undefined ? [] : [[protocol, ring.since(nowMs, sinceMs)]];
        }),
      ),
    }));
  }

  private forget(): void {
    const oldest = this.now() - memoryOfLeftMs;
    for (const [key, { left, rings }] of this.destinations) {
      const newest = Math.max(...probeProtocols.map((protocol) => rings[protocol]?.newestMs ?? -Infinity));
      if (left && newest < oldest) this.destinations.delete(key);
    }
  }
}

/** A pod with another address is another destination: its name may have been given to a new pod. */
function keyOf({ namespace, pod, ip }: Member): string {
  return JSON.stringify([namespace, pod, ip]);
}
