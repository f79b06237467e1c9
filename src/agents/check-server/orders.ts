// SPDX-License-Identifier: Apache-2.0
import type { Roster } from '../../connectivity/roster.js';
import { targetsOf } from '../../connectivity/targets.js';
import type { AgentIdentity, CheckSettings } from '../../model/check.js';
import type { World } from './world.js';

interface HeldOrders {
  roster: Roster;
  settings: CheckSettings;
  text: Buffer;
}

/** The answers to reports: made for an agent when it asks, and held until what there is to reach changes. */
export class Orders {
  private readonly held = new Map<string, HeldOrders>();

  constructor(private readonly world: World) {}

  /** AgentOrders as JSON. */
  of(agent: AgentIdentity): Buffer {
    const { roster, settings } = this.world;
    const key = `${agent.namespace}/${agent.pod}`;
    const held = this.held.get(key);
    if (held !== undefined && held.roster === roster && held.settings === settings.check) return held.text;
    const targets = targetsOf(roster, agent, settings.check);
    const text = Buffer.from(JSON.stringify({ settings: settings.check, targets }));
    this.held.set(key, { roster, settings: settings.check, text });
    if (this.held.size > 2 * roster.agents.length + 100) this.forget(roster);
    return text;
  }

  /** Pods come and go. */
  private forget(roster: Roster): void {
    for (const [key, held] of this.held) if (held.roster !== roster) this.held.delete(key);
  }
}
