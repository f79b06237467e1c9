// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { Failure } from '../../errors/failure.js';
import { agentNamespace, certificatesVariable } from '../../model/prober.js';
import { agentImages, type AgentImages } from '../agent-images.js';

export interface ControllerEnvironment {
  images: AgentImages;
  /** Who makes the webhook's certificate: the controller that leads, or cert-manager. */
  certificates: 'own' | 'cert-manager';
  /** Of the Lease: the pod's own. */
  namespace: string;
  /** In the Lease: the pod's name, and something that no other life of it has. */
  identity: string;
}

/** Reads the variables of the controller. Throws Failure(usage), naming the variable. */
export function controllerEnvironment(variables: Readonly<Record<string, string | undefined>>): ControllerEnvironment {
  const word = (name: string): string => variables[name]?.trim() ?? '';
  const certificates = word(certificatesVariable) || 'own';
  if (certificates !== 'own' && certificates !== 'cert-manager')
    throw new Failure('usage', `${certificatesVariable} is "${certificates}", but must be own or cert-manager`);
  return {
    certificates,
    images: agentImages(variables),
    namespace: word('POD_NAMESPACE') || agentNamespace,
    identity: `${word('POD_NAME') || word('HOSTNAME') || 'controller'}_${randomUUID()}`,
  };
}
