// SPDX-License-Identifier: Apache-2.0
import type { Container, SecurityContext } from './objects.js';
import { idleCommand, idleSecondsOf } from './tool-container-script.js';

/** What a tool container may do: nothing special, raw sockets, or change the network. */
export type ToolRights = 'plain' | 'raw' | 'admin';

/** What a tool container has to be like. */
export interface ToolContainerRequest {
  image: string;
  /** `IfNotPresent` by default. */
  imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never' | undefined;
  /** Linux capabilities without `CAP_`; none by default. NET_ADMIN makes it an `admin` one, any other a `raw` one. */
  capabilities?: readonly string[] | undefined;
  /** How long a new one stays without work; by default 8 h for a plain one and 10 min for others. Any will be reused. */
  idleSeconds?: number | undefined;
}

const namePrefixes: Record<ToolRights, string> = {
  plain: 'netmachinery-',
  raw: 'netmachinery-raw-',
  admin: 'netmachinery-admin-',
};
const defaultIdleSeconds: Record<ToolRights, number> = { plain: 8 * 3600, raw: 600, admin: 600 };
/** `nobody`, by number: PodSecurity has to see that it is not root. */
const nobody = 65_534;
/** Keeps the image that was asked for where an admission webhook rewrites `image` to a mirror's. */
const imageVariable = 'NETMACHINERY_IMAGE';

export function rightsOf({ capabilities = [] }: ToolContainerRequest): ToolRights {
  if (capabilities.includes('NET_ADMIN')) return 'admin';
  return capabilities.length > 0 ? 'raw' : 'plain';
}

function toolContainerName(rights: ToolRights, generation: number): string {
  return `${namePrefixes[rights]}${generation}`;
}

/** The generation of a name of these rights, or undefined for any other name. */
export function generationOf(name: string, rights: ToolRights): number | undefined {
  const digits = name.startsWith(namePrefixes[rights]) ? name.slice(namePrefixes[rights].length) : '';
  return /^[1-9]\d*$/.test(digits) ? Number(digits) : undefined;
}

/** The four fields of PodSecurity `restricted`; capabilities need root to be in effect (kubernetes/kubectl#1650). */
function securityContext(capabilities: readonly string[]): SecurityContext {
  const common: SecurityContext = {
    allowPrivilegeEscalation: false,
    seccompProfile: { type: 'RuntimeDefault' },
    capabilities: { drop: ['ALL'] },
  };
  if (capabilities.length === 0) return { ...common, runAsNonRoot: true, runAsUser: nobody, runAsGroup: nobody };
  return {
    ...common,
    runAsNonRoot: false,
    runAsUser: 0,
    capabilities: { drop: ['ALL'], add: [...capabilities].sort() },
  };
}

/**
 * The ephemeral container of a request. Without `targetContainerName`: the network is the pod's anyway, and the processes
 * of the user's containers stay out of reach.
 */
export function toolContainerSpec(request: ToolContainerRequest, generation: number): Container {
  const rights = rightsOf(request);
  return {
    name: toolContainerName(rights, generation),
    image: request.image,
    imagePullPolicy: request.imagePullPolicy ?? 'IfNotPresent',
    command: idleCommand(request.idleSeconds ?? defaultIdleSeconds[rights]),
    env: [{ name: imageVariable, value: request.image }],
    securityContext: securityContext(request.capabilities ?? []),
  };
}

function sameSecurity(found: SecurityContext = {}, wanted: SecurityContext = {}): boolean {
  const set = (list: readonly string[] = []) => [...list].sort().join();
  return (
    found.privileged !== true &&
    found.runAsUser === wanted.runAsUser &&
    found.runAsNonRoot === wanted.runAsNonRoot &&
    found.allowPrivilegeEscalation === wanted.allowPrivilegeEscalation &&
    found.seccompProfile?.type === wanted.seccompProfile?.type &&
    set(found.capabilities?.add) === set(wanted.capabilities?.add) &&
    set(found.capabilities?.drop) === set(wanted.capabilities?.drop)
  );
}

/** Whether a container of a pod is a tool container that serves this request, going by its specification. */
export function servesRequest(container: Container, request: ToolContainerRequest): boolean {
  if (generationOf(container.name, rightsOf(request)) === undefined) return false;
  const idleSeconds = idleSecondsOf(container.command);
  const askedImage = container.env?.find(({ name }) => name === imageVariable)?.value ?? container.image;
  return (
    idleSeconds !== undefined &&
    (request.idleSeconds === undefined || request.idleSeconds === idleSeconds) &&
    askedImage === request.image &&
    sameSecurity(container.securityContext, toolContainerSpec(request, 1).securityContext)
  );
}
