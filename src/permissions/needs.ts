// SPDX-License-Identifier: Apache-2.0

/** The commands that need permissions beyond those that everybody has who is known to the API server. */
export const permissionVerbs = [
  'ping',
  'connect',
  'dns',
  'http',
  'mtu',
  'trace',
  'run',
  'shape',
  'inject',
  'uninject',
  'inject-enable',
  'inject-agents',
  'mesh',
  'check',
  'check-install',
  'check-status',
  'check-uninstall',
  'preflight',
  'clean',
  'version',
] as const;

export type PermissionVerb = (typeof permissionVerbs)[number];

/** What sources and destinations may be named by; `selector` is `-l` and `--to-selector`. */
export const targetKinds = [
  'pod',
  'selector',
  'deployment',
  'statefulset',
  'daemonset',
  'replicaset',
  'job',
  'cronjob',
  'service',
  'node',
] as const;

export type TargetKind = (typeof targetKinds)[number];

/** Everything but nodes, which a Role of one namespace cannot allow. */
export const namespacedTargets: readonly TargetKind[] = targetKinds.filter((kind) => kind !== 'node');

/** How a command will be used, as far as that changes what it needs. */
export interface Needs {
  targets: readonly TargetKind[];
  /** `-c NAME`: nothing is added to pods. */
  ownContainer: boolean;
  /** `--no-exec`: results are read from logs. */
  noExec: boolean;
  /** `--probe-pod`: a pod beside the source does its work. */
  probePod: boolean;
  /** `--control destination`: destination pods are entered as sources are. */
  control: boolean;
  /** `--udp-proof`: destination pods themselves are entered, also where a probe pod sends. */
  udpProof: boolean;
  /** `mtu --both-directions`: destination pods themselves are entered, also where a probe pod sends. */
  bothDirections: boolean;
  /** `--ephemeral`: probers in running pods, and no roll-out. */
  ephemeral: boolean;
  /** `--recreate`: bare pods are deleted and created again. */
  recreate: boolean;
  /** What only makes messages better. */
  hints: boolean;
}

/** A command without flags, for every kind of target that has a namespace. */
export const usualNeeds: Needs = {
  targets: namespacedTargets,
  ownContainer: false,
  noExec: false,
  probePod: false,
  control: false,
  udpProof: false,
  bothDirections: false,
  ephemeral: false,
  recreate: false,
  hints: false,
};
