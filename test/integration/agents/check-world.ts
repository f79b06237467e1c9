// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { agentOrders } from '../../../src/agents/check-agent/orders.js';
import type { AgentOrders, AgentReport, CheckProbe, CheckTarget } from '../../../src/model/check.js';

/** Built by `npm run build`. */
const program = join(import.meta.dirname, '../../../dist/agents/netmachinery-agent.js');

/**
 * Two network namespaces with an agent each, `a` and `b`, and a router between them, addressed from RFC 2544's and RFC 4193's
 * ranges, which nobody else on this machine uses with these numbers.
 */
export class CheckWorld {
  private readonly prefix = `nmchk${process.pid}`;
  private readonly agents: ChildProcess[] = [];
  readonly port = 27_591;
  readonly addresses = {
    a: ['198.18.191.2', 'fd00:191::2'],
    b: ['198.18.192.2', 'fd00:192::2'],
  } as const;

  async start(): Promise<void> {
    for (const name of ['a', 'r', 'b']) run('ip', 'netns', 'add', `${this.prefix}${name}`);
    for (const [name, net] of [
      ['a', '191'],
      ['b', '192'],
    ] as const) {
      // The end on the router is `toa` or `tob`.
      this.ip(
        'r',
        'link',
        'add',
        `to${name}`,
        'type',
        'veth',
        'peer',
        'name',
        'eth0',
        'netns',
        `${this.prefix}${name}`,
      );
      for (const [where, device, host] of [
        ['r', `to${name}`, '1'],
        [name, 'eth0', '2'],
      ] as const) {
        this.ip(where, 'address', 'add', `198.18.${net}.${host}/24`, 'dev', device);
        this.ip(where, 'address', 'add', `fd00:${net}::${host}/64`, 'dev', device, 'nodad');
        this.ip(where, 'link', 'set', device, 'up');
        this.ip(where, 'link', 'set', 'lo', 'up');
      }
      this.ip(name, 'route', 'add', 'default', 'via', `198.18.${net}.1`);
      this.ip(name, '-6', 'route', 'add', 'default', 'via', `fd00:${net}::1`);
    }
    this.in('r', 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
    for (const name of ['a', 'b'] as const) {
      const agent = spawn('ip', ['netns', 'exec', `${this.prefix}${name}`, process.execPath, program, 'check-agent'], {
        env: this.environment(name),
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      this.agents.push(agent);
      await once(agent.stderr, 'data');
    }
  }

  async stop(): Promise<void> {
    for (const agent of this.agents) {
      const ended = once(agent, 'exit');
      if (agent.exitCode === null && agent.kill()) await ended;
    }
    for (const name of ['a', 'r', 'b']) {
      try {
        run('ip', 'netns', 'delete', `${this.prefix}${name}`);
      } catch {
        // It was not made.
      }
    }
  }

  /** `ip` in a namespace. */
  ip(where: string, ...words: string[]): void {
    run('ip', '-n', `${this.prefix}${where}`, ...words);
  }

  /** A program in a namespace. */
  in(where: string, ...words: string[]): string {
    return run('ip', 'netns', 'exec', `${this.prefix}${where}`, ...words);
  }

  /** Has a namespace drop or reject what a rule of nftables names, in its hook `input`, `forward` or `output`. */
  rule(where: string, hook: string, rule: string): void {
    this.in(where, 'nft', `add table inet t; add chain inet t ${hook} { type filter hook ${hook} priority 0; }`);
    this.in(where, 'nft', `add rule inet t ${hook} ${rule}`);
  }

  /** As it was at the start. */
  heal(): void {
    for (const name of ['a', 'r', 'b']) this.in(name, 'nft', 'flush ruleset');
    for (const name of ['a', 'b'] as const) {
      this.ip('r', 'link', 'set', `to${name}`, 'mtu', '1500');
      // What the kernel has learnt of paths.
      this.ip(name, 'route', 'flush', 'cache');
      this.ip(name, '-6', 'route', 'flush', 'cache');
    }
  }

  /** What `check-round` prints, in `a`, of these probes of both addresses of `b`. */
  async round(probes: CheckProbe[], more: Partial<CheckTarget> = {}): Promise<AgentReport> {
    const targets = this.addresses.b.map((address): CheckTarget => ({
      kind: 'agent',
      node: 'b',
      network: 'pod',
      pod: 'agent-b',
      address,
      port: this.port,
      probes,
      ...more,
    }));
    return this.roundOf({ settings: { intervalMs: 15_000, neighbours: 10, payloadEntries: 1500, urls: [] }, targets });
  }

  async roundOf(orders: AgentOrders, where: 'a' | 'b' = 'a'): Promise<AgentReport> {
    const text = JSON.stringify(orders);
    agentOrders(text);
    const child = spawn('ip', ['netns', 'exec', `${this.prefix}${where}`, process.execPath, program, 'check-round'], {
      env: this.environment(where),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    // It stays open.
    child.stdin.write(`${text}\n`);
    const [code] = (await once(child, 'close')) as [number];
    if (code !== 0) throw new Error(`check-round ended with ${code}`);
    return JSON.parse(Buffer.concat(chunks).toString()) as AgentReport;
  }

  environment(name: 'a' | 'b'): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      NETMACHINERY_CHECK_NETWORK: 'pod',
      NETMACHINERY_CHECK_PORT: String(this.port),
      NODE_NAME: name,
      POD_NAME: `agent-${name}`,
      POD_NAMESPACE: 'check',
      POD_IPS: this.addresses[name].join(','),
      NODE_OPTIONS: '--max-old-space-size=64 --max-semi-space-size=2',
    };
  }
}

function run(program: string, ...words: string[]): string {
  return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
