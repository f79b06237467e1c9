// SPDX-License-Identifier: Apache-2.0
import { Counter, Gauge, Registry } from 'prom-client';

/** The metrics of one controller. */
export class ControllerMetrics {
  private readonly registry = new Registry();
  private readonly registers = [this.registry];

  private readonly leader = new Gauge({
    name: 'netmachinery_controller_leader',
    help: '1 while this replica holds the Lease and works, else 0',
    registers: this.registers,
  });
  private readonly written = new Counter({
    name: 'netmachinery_controller_peer_lists_written_total',
    help: 'Peer lists written because they had changed',
    registers: this.registers,
  });
  private readonly failures = new Counter({
    name: 'netmachinery_controller_failures_total',
    help: 'Tries that failed, by what was tried: a peer list, a status, or to follow a kind of objects',
    labelNames: ['what', 'reason'] as const,
    registers: this.registers,
  });
  private readonly members = new Gauge({
    name: 'netmachinery_controller_members',
    help: 'Pods that are ready with a prober in them, by mesh',
    labelNames: ['mesh'] as const,
    registers: this.registers,
  });

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** Meshes that are not followed any more have no members to show. */
  leads(isLeader: boolean): void {
    this.leader.set(isLeader ? 1 : 0);
    if (!isLeader) this.members.reset();
  }

  listWritten(): void {
    this.written.inc();
  }

  failed(what: 'peer-list' | 'status' | 'follow', reason: string): void {
    this.failures.inc({ what, reason });
  }

  counted(members: ReadonlyMap<string, number>): void {
    this.members.reset();
    for (const [mesh, count] of members) this.members.set({ mesh }, count);
  }
}
