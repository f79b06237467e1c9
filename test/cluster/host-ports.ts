// SPDX-License-Identifier: Apache-2.0
import { runCommand, tryCommand } from './run-command.js';

interface Rule {
  chain: string;
  expr: { jump?: { target: string } }[];
}

const ofCni = (chain: string) => chain.startsWith('CNI-');

/**
 * The families in which the CNI plugin `portmap` has made the table `nat`, through iptables, for a pod's host port, and
 * nobody has put anything else there. The plugin never takes away the table and the chains that all ports share.
 */
export async function hostPortTables(): Promise<('ip' | 'ip6')[]> {
  const families = ['ip', 'ip6'] as const;
  const found = families.map(async (family) => {
    const listed = await tryCommand('nft', ['--json', 'list', 'table', family, 'nat']);
    if (listed.code !== 0) return [];
    const { nftables } = JSON.parse(listed.stdout) as { nftables: { chain?: { name: string }; rule?: Rule }[] };
    const made = nftables.some(({ chain }) => chain?.name === 'CNI-HOSTPORT-DNAT');
    const others = nftables.some(
      ({ rule }) => rule && !ofCni(rule.chain) && !rule.expr.some(({ jump }) => jump && ofCni(jump.target)),
    );
    return made && !others ? [family] : [];
  });
  return (await Promise.all(found)).flat();
}

export async function removeHostPortTables(): Promise<void> {
  for (const family of await hostPortTables()) await runCommand('nft', ['delete', 'table', family, 'nat']);
}
