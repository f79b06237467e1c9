// SPDX-License-Identifier: Apache-2.0
import { version } from '../version.js';

const architectures: Record<string, string> = { x64: 'amd64', ia32: '386' };
const platform = process.platform === 'win32' ? 'windows' : process.platform;

/** `kubectl-netmachinery/0.1.0 (linux/amd64)`: how audit logs know us; platforms as kubectl names them. */
export const userAgent = `kubectl-netmachinery/${version} (${platform}/${architectures[process.arch] ?? process.arch})`;
