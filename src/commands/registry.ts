// SPDX-License-Identifier: Apache-2.0
import type { Command } from '@oclif/core';

/**
 * Command id to the module of its class. Imports are lazy, so that a run loads the one command it is about; what help and
 * completion need of the others stands in plugins-manifest/oclif.manifest.json.
 */
export const commandModules: Record<string, () => Promise<{ default: Command.Class }>> = {
  check: () => import('./check.js'),
  'check:install': () => import('./check-install.js'),
  'check:status': () => import('./check-status.js'),
  'check:uninstall': () => import('./check-uninstall.js'),
  clean: () => import('./clean.js'),
  completion: () => import('./completion.js'),
  'completion:install': () => import('./completion-install.js'),
  'completion:uninstall': () => import('./completion-uninstall.js'),
  'config:view': () => import('./config-view.js'),
  connect: () => import('./connect.js'),
  dns: () => import('./dns.js'),
  heal: () => import('./heal.js'),
  http: () => import('./http.js'),
  inject: () => import('./inject.js'),
  'inject:disable': () => import('./inject-disable.js'),
  'inject:enable': () => import('./inject-enable.js'),
  'inject:uninstall': () => import('./inject-uninstall.js'),
  mesh: () => import('./mesh.js'),
  mtu: () => import('./mtu.js'),
  options: () => import('./options.js'),
  ping: () => import('./ping.js'),
  preflight: () => import('./preflight.js'),
  rbac: () => import('./rbac.js'),
  report: () => import('./report.js'),
  run: () => import('./run.js'),
  shape: () => import('./shape.js'),
  'shape:clear': () => import('./shape-clear.js'),
  'shape:list': () => import('./shape-list.js'),
  trace: () => import('./trace.js'),
  uninject: () => import('./uninject.js'),
  validate: () => import('./validate.js'),
  version: () => import('./version.js'),
};
