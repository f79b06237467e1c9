// SPDX-License-Identifier: Apache-2.0
import { Args, Command, Flags } from '@oclif/core';
import { permissionVerbs, targetKinds } from '../permissions/needs.js';

const role = 'ROLE';
const use = 'USE';
/** Those of ping and connect that change nothing may be left in a line that is being tried out. */
const asThere = '(as in ping and connect)';

export default class Rbac extends Command {
  static override summary = 'Print the Role that a command needs';
  static override description = `Prints the least Role, or ClusterRole for what belongs to no namespace, that COMMAND needs to work, each rule with its reason.
No cluster is asked. The output can be piped to kubectl apply -f -.`;
  static override usage = 'rbac COMMAND [--hints] [-n NAME | -A]';
  static override examples = [
    {
      description: 'Let the service account tester of namespace shop ping there',
      command: '<%= config.bin %> rbac ping -n shop --serviceaccount shop:tester | kubectl apply -f -',
    },
    {
      description: 'From pods of shop to Services of bank, and nothing else',
      command: '<%= config.bin %> rbac connect -n shop --targets pod,svc --to-namespace bank',
    },
  ];
  static override args = {
    command: Args.string({ required: true, options: [...permissionVerbs], description: 'The command that needs it' }),
  };
  static override flags = {
    namespace: Flags.string({ char: 'n', helpGroup: role, helpValue: 'NAME', summary: "The Role's namespace" }),
    'all-namespaces': Flags.boolean({
      char: 'A',
      helpGroup: role,
      exclusive: ['namespace', 'to-namespace'],
      summary: 'A ClusterRole, for every namespace',
    }),
    name: Flags.string({
      helpGroup: role,
      helpValue: 'NAME',
      summary: "The Role's name [default: netmachinery-COMMAND]",
    }),
    user: Flags.string({
      helpGroup: role,
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Bind it to this user as well',
    }),
    group: Flags.string({
      helpGroup: role,
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Bind it to this group as well',
    }),
    serviceaccount: Flags.string({
      helpGroup: role,
      helpValue: 'NAMESPACE:NAME',
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Bind it to this service account as well',
    }),
    output: Flags.string({
      char: 'o',
      helpGroup: role,
      options: ['yaml', 'json'],
      default: 'yaml',
      summary: 'Format of the objects',
    }),
    hints: Flags.boolean({ helpGroup: use, summary: 'Add what only makes messages better' }),
    targets: Flags.string({
      helpGroup: use,
      helpValue: 'TYPE,...',
      summary: `What sources and destinations are named by: ${targetKinds.join(', ')} [default: all but node]`,
    }),
    'to-namespace': Flags.string({
      helpGroup: use,
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
      summary: 'A Role for destinations in this namespace as well',
    }),
    control: Flags.string({
      helpGroup: use,
      helpValue: 'destination|none|SRC',
      summary: `Where the positive control comes from ${asThere}`,
    }),
    'udp-proof': Flags.string({
      helpGroup: use,
      options: ['counters', 'capture'],
      summary: `Destination pods are entered ${asThere}`,
    }),
    'both-directions': Flags.boolean({ helpGroup: use, summary: 'Destination pods are entered (as in mtu)' }),
    container: Flags.string({
      char: 'c',
      helpGroup: use,
      helpValue: 'NAME',
      summary: `Nothing is added to pods ${asThere}`,
    }),
    'no-exec': Flags.boolean({ helpGroup: use, summary: `Results are read from logs ${asThere}` }),
    'probe-pod': Flags.boolean({ helpGroup: use, summary: `A pod of ours does the work ${asThere}` }),
    ephemeral: Flags.boolean({ helpGroup: use, summary: 'Probers in running pods (as in inject and uninject)' }),
    recreate: Flags.boolean({ helpGroup: use, summary: 'Bare pods are made anew (as in inject and uninject)' }),
    raw: Flags.boolean({ helpGroup: use, summary: `Needs nothing more ${asThere}` }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Rbac);
    const { rbacCommand } = await import('./rbac-command.js');
    rbacCommand(args.command, flags);
  }
}
