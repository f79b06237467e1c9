// SPDX-License-Identifier: Apache-2.0
import { podLabel } from '../kube/pod-eligibility.js';
import { kernelFeatures, type PodInspection } from './pod-network.js';
import { planLines, planShape, type Rule } from './shape-plan.js';
import type { ShapeTask } from './shape-request.js';
import { scopeOf } from './shape-scope.js';

/** What `--dry-run=client` assumes, because it enters no pod: eth0, and a kernel that can do everything. */
export const dryRunAssumptions =
  'a dry run enters no pod: it assumes a kernel with sch_netem, and eth0 where no interface is named';

/** Names are resolved in the pod: here an address that nobody can have (240.0.0.0/4, RFC 1112) stands for each. */
function placeholders({ peers: { peers, excluded } }: ShapeTask): Map<string, string> {
  const hosts = [...new Set([...peers.hosts, ...excluded.hosts])];
  return new Map(hosts.map((host, index) => [host, `240.0.${index >> 8}.${index & 255}`]));
}

/** A line as it is said: names for the addresses that stand for them. */
function withNames(line: string, task: ShapeTask): string {
  return [...placeholders(task)].reduce(
    (said, [host, address]) => said.replaceAll(`${address}/32`, `<addresses of ${host}>`),
    line,
  );
}

function assumed(task: ShapeTask): PodInspection {
  const device = task.interface ?? 'eth0';
  return {
    kernel: '',
    interfaces: [{ name: device, index: 2, up: true, mtu: 1500 }],
    defaultInterfaces: [device],
    gateways: [],
    qdiscs: [],
    filters: [],
    supports: new Set(kernelFeatures),
    missing: new Map(),
    hosts: new Map([...placeholders(task)].map(([host, address]) => [host, [address]])),
  };
}

/** The pods of `--dry-run=client` and the exact commands, as a script that could be read and run there. */
export function dryRunText(tasks: readonly ShapeTask[]): string {
  return tasks
    .map((task) => {
      const inspection = assumed(task);
      const device = task.interface ?? 'eth0';
      const scope = scopeOf(task, task.peers, inspection, undefined);
      const rule: Rule = { effects: task.effects, direction: task.direction, scope };
      const lines = planLines(planShape(rule, device, inspection)).map((line) => withNames(line, task));
      return [`# pod ${podLabel(task.source.pod)} on ${task.source.node}`, ...lines, ''].join('\n');
    })
    .join('');
}
