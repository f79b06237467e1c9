// SPDX-License-Identifier: Apache-2.0

/** For containers of the agent image: what PodSecurity's level restricted asks for, and a root file system that nothing can be written to. */
export const agentContainerSecurity = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
};

/** The rest of it, for their pods; a container in somebody else's pod says it itself. */
export const agentPodSecurity = {
  runAsNonRoot: true,
  // Numeric: the kubelet cannot tell of a name that it is not root.
  runAsUser: 65_532,
  runAsGroup: 65_532,
  seccompProfile: { type: 'RuntimeDefault' },
};
