// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import type { AgentReport } from '../../../model/check.js';
import { agentInterfaces } from './interfaces.js';
import { resolverOf } from './resolver.js';

export type Facts = Pick<AgentReport, 'hostDate' | 'uptimeSeconds' | 'kernel' | 'interfaces' | 'resolver'>;

/** What an agent tells of the place that it runs in. */
export function facts(): Facts {
  return {
    hostDate: new Date().toISOString(),
    uptimeSeconds: uptimeOf(textOf('/proc/uptime')),
    kernel: release(),
    interfaces: agentInterfaces(),
    resolver: resolverOf(textOf('/etc/resolv.conf')),
  };
}

/** The whole seconds of /proc/uptime (proc(5)); 0 where it says nothing. */
export function uptimeOf(text: string): number {
  return Number(/^\d+/.exec(text)?.[0] ?? 0);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
