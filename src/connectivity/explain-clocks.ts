// SPDX-License-Identifier: Apache-2.0
import type { KnownAgent } from './check-input.js';
import type { Explanations } from './explanations.js';

/** The way of a report, which is in the difference, takes less. */
const toleratedMs = 2000;

/** Nodes whose clock differs from that of whoever receives the reports: a warning for each, by the agent that differs most. */
export function explainClocks(agents: readonly KnownAgent[], explanations: Explanations): void {
  const byNode = new Map<string, number>();
  for (const { node, agent } of agents) {
    const skewMs = agent.clockSkewMs ?? 0;
    if (Math.abs(skewMs) <= toleratedMs || Math.abs(skewMs) <= Math.abs(byNode.get(node) ?? 0)) continue;
    byNode.set(node, skewMs);
  }
  for (const [node, skewMs] of byNode) {
    const seconds = Math.round(Math.abs(skewMs) / 100) / 10;
    explanations.add(
      {
        kind: 'clock',
        severity: 'warning',
        nodes: [node],
        message: `the clock of ${node} is ${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}`,
        hint: `look at time synchronization on ${node}: certificates and tokens depend on it`,
      },
      [],
    );
  }
}
