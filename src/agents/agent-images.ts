// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { agentImageVariable, allowedImagesVariable } from '../model/prober.js';

/** The images that NetworkProbers may put into pods, as the environment of the controller and the webhook has them. */
export interface AgentImages {
  /** Of NetworkProbers that name none; always allowed. */
  usual: string;
  allowed: ReadonlySet<string>;
}

/** Reads NETMACHINERY_AGENT_IMAGE and NETMACHINERY_ALLOWED_IMAGES (commas). Throws Failure(usage) without the former. */
export function agentImages(variables: Readonly<Record<string, string | undefined>>): AgentImages {
  const usual = variables[agentImageVariable]?.trim() ?? '';
  if (usual === '') throw new Failure('usage', `${agentImageVariable} is not set: the image of the prober`);
  const others = (variables[allowedImagesVariable] ?? '').split(',').map((word) => word.trim());
  return { usual, allowed: new Set([usual, ...others.filter((word) => word !== '')]) };
}

/**
 * The image for a NetworkProber, whose author may not be allowed to run anything in the namespaces that it reaches;
 * undefined where the list lacks it. Names are compared as they are written: `a/b` and `a/b:latest` differ.
 */
export function imageFor(wanted: string | undefined, { usual, allowed }: AgentImages): string | undefined {
  const image = wanted ?? usual;
  return allowed.has(image) ? image : undefined;
}
