// SPDX-License-Identifier: Apache-2.0
import { enableRules, installRules } from './agent-rules.js';
import { checkInstallRules, checkStatusRules, checkUninstallRules } from './check-install-rules.js';
import { checkRules } from './check-rules.js';
import { needed, type ConditionalRule } from './conditional-rule.js';
import { injectRules, uninjectRules } from './inject-rules.js';
import { meshRules } from './mesh-rules.js';
import type { Needs, PermissionVerb } from './needs.js';
import { mergeRules, type PermissionRule } from './permission-rule.js';
import { shapeRules } from './shape-rules.js';
import { targetRules } from './target-rules.js';
import { destinationRules, testRules } from './test-rules.js';
import { cleanRules, preflightRules, versionRules } from './upkeep-rules.js';

const commandRules: Readonly<Record<PermissionVerb, readonly ConditionalRule[]>> = {
  ping: testRules,
  connect: testRules,
  dns: testRules,
  http: testRules,
  mtu: testRules,
  trace: testRules,
  run: testRules,
  shape: shapeRules,
  inject: injectRules,
  uninject: uninjectRules,
  'inject-enable': enableRules,
  'inject-agents': installRules,
  mesh: meshRules,
  check: checkRules,
  'check-install': checkInstallRules,
  'check-status': checkStatusRules,
  'check-uninstall': checkUninstallRules,
  preflight: preflightRules,
  clean: cleanRules,
  version: versionRules,
};

/** Whether a command makes tests, for which pods can be entered in several ways. */
export function isTest(verb: PermissionVerb): boolean {
  return commandRules[verb] === testRules;
}

/** Whether a command works in pods that are named. */
export function namesPods(verb: PermissionVerb): boolean {
  return isTest(verb) || verb === 'shape' || verb === 'mesh';
}

/**
 * What a command needs, each resource once. Beside it all commands need what Kubernetes gives to everybody who is known:
 * access and identity reviews of oneself, discovery and /version (system:basic-user, system:discovery,
 * system:public-info-viewer).
 */
export function rulesOf(verb: PermissionVerb, needs: Needs): PermissionRule[] {
  const targets = namesPods(verb) ? needs.targets.flatMap((kind) => targetRules[kind]) : [];
  return mergeRules([...targets, ...needed(commandRules[verb], needs)]);
}

/** What, in this way of use, only makes a command's messages better. */
export function hintRulesOf(verb: PermissionVerb, needs: Needs): PermissionRule[] {
  const rules = commandRules[verb].filter(({ hint }) => hint === true);
  return mergeRules(needed(rules, { ...needs, hints: true }));
}

/** What a test needs in a namespace where only its destinations are. */
export function destinationRulesOf(verb: PermissionVerb, needs: Needs): PermissionRule[] {
  if (!isTest(verb)) return [];
  const targets = needs.targets.flatMap((kind) => targetRules[kind]);
  return mergeRules([...targets, ...needed(destinationRules(needs), needs)]);
}
