// SPDX-License-Identifier: Apache-2.0
import { permissionVerbs, type PermissionVerb } from './needs.js';

/** Commands that need what another one does. */
const likeAnother: Readonly<Record<string, PermissionVerb>> = {
  heal: 'shape',
  'inject enable': 'inject-enable',
  'inject disable': 'inject-enable',
  'inject uninstall': 'inject-agents',
  'check install': 'check-install',
  'check status': 'check-status',
  'check uninstall': 'check-uninstall',
};

/** What `rbac` calls the needs of the command that `words` begin with; undefined where it has none for it. */
export function permissionVerb([first = '', second = '']: readonly string[]): PermissionVerb | undefined {
  return likeAnother[`${first} ${second}`] ?? likeAnother[first] ?? permissionVerbs.find((verb) => verb === first);
}
