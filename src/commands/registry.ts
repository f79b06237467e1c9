// SPDX-License-Identifier: Apache-2.0
import type { Command } from '@oclif/core';

/**
 * Command id to the module of its class. Imports are lazy, so that a run loads the one command it is about; what help and
 * completion need of the others stands in plugins-manifest/oclif.manifest.json.
 */
export const commandModules: Record<string, () => Promise<{ default: Command.Class }>> = {
  connect: () => import('./connect.js'),
  ping: () => import('./ping.js'),
  version: () => import('./version.js'),
};
