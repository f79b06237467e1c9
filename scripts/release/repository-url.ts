// SPDX-License-Identifier: Apache-2.0

/** Where the project lives and its releases are published. */
export const repositoryUrl = 'https://github.com/netmachinery/kubectl-netmachinery';
