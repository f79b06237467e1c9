// SPDX-License-Identifier: Apache-2.0
import bash from './shells/kubectl-netmachinery.bash';
import fish from './shells/kubectl-netmachinery.fish';
import powershell from './shells/kubectl-netmachinery.ps1';
import zsh from './shells/kubectl-netmachinery.zsh';

/** Scripts that complete `kubectl-netmachinery` where it is called by that name, by shell. */
export const shellScripts: Readonly<Record<string, string>> = { bash, zsh, fish, powershell };
