// SPDX-License-Identifier: Apache-2.0
import { Args, Command } from '@oclif/core';

export default class Completion extends Command {
  static override summary = 'Print a script that completes kubectl-netmachinery in a shell';
  static override description = `The script is for kubectl-netmachinery, called by that name. Behind kubectl it is kubectl's own completion that asks: completion install lets it.

Names of pods, namespaces and the like come from the cluster: one request within a second, remembered for 10 seconds.`;
  static override usage = 'completion bash|zsh|fish|powershell';
  static override examples = [
    { description: 'In ~/.bashrc', command: 'source <(kubectl-netmachinery completion bash)' },
    { description: 'In ~/.zshrc, after compinit', command: 'source <(kubectl-netmachinery completion zsh)' },
    { description: 'In ~/.config/fish/config.fish', command: 'kubectl-netmachinery completion fish | source' },
    {
      description: "In PowerShell's $PROFILE",
      command: 'kubectl-netmachinery completion powershell | Out-String | Invoke-Expression',
    },
  ];
  static override args = {
    shell: Args.string({
      required: true,
      options: ['bash', 'zsh', 'fish', 'powershell'],
      description: 'The shell that the script is for',
    }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    const { shellScripts } = await import('../completion/shell-scripts.js');
    process.stdout.write(shellScripts[args.shell] ?? '');
  }
}
