// SPDX-License-Identifier: Apache-2.0
import type { ShapeRecord } from '../model/shaping.js';
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
  /** Who asks, and why: written into a new one's specification for whoever reads it later. */
  caller?: string | undefined;
  reason?: string | undefined;
  /** The shape that a new one is added for, in its specification too; its `container` is filled in. */
  shape?: ShapeRecord | undefined;
  /** Only one that was added for this very `shape` serves. */
  fresh?: boolean | undefined;
}

const namePrefixes: Record<ToolRights, string> = {
  plain: 'netmachinery-',
  raw: 'netmachinery-raw-',
  admin: 'netmachinery-admin-',
};
const defaultIdleSeconds: Record<ToolRights, number> = { plain: 8 * 3600, raw: 600, admin: 600 };
/** `nobody`: a group that every runtime's `ping_group_range` holds, and that owns nothing. */
const nobody = 65_534;
/**
 * The kernel counts RLIMIT_NPROC by user over the whole node (setrlimit(2)), so a plain tool container has a user that
 * other pods hardly have: a number of this range by the pod's uid. It is below 65536, which is all that a pod with a user
 * namespace of its own has (KEP-127), and has no name in any image that we know.
 */
const firstUser = 52_000;
const users = 8000;
/** Keeps the image that was asked for where an admission webhook rewrites `image` to a mirror's. */
export const imageVariable = 'NETMACHINERY_IMAGE';
/** Who had the tool container added, as the API server calls them, and the words of `--reason`. */
export const callerVariable = 'NETMACHINERY_CALLER';
export const reasonVariable = 'NETMACHINERY_REASON';
/** The ShapeRecord that a tool container was added for, as JSON. */
export const shapeVariable = 'NETMACHINERY_SHAPE';

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

/** The numeric user of a plain tool container in a pod of this uid: PodSecurity has to see that it is not root. */
export function toolUser(podUid = ''): number {
  // FNV-1a, 32 bits.
  let hash = 0x811c_9dc5;
  for (const character of podUid) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x0100_0193);
  return firstUser + ((hash >>> 0) % users);
}

function isToolUser(user: number | undefined): boolean {
  return user !== undefined && user >= firstUser && user < firstUser + users;
}

/** The four fields of PodSecurity `restricted`; capabilities need root to be in effect (kubernetes/kubectl#1650). */
function securityContext(capabilities: readonly string[], podUid: string | undefined): SecurityContext {
  const common: SecurityContext = {
    allowPrivilegeEscalation: false,
    seccompProfile: { type: 'RuntimeDefault' },
    capabilities: { drop: ['ALL'] },
  };
  if (capabilities.length === 0) {
    return { ...common, runAsNonRoot: true, runAsUser: toolUser(podUid), runAsGroup: nobody };
  }
  return {
    ...common,
    runAsNonRoot: false,
    runAsUser: 0,
    capabilities: { drop: ['ALL'], add: [...capabilities].sort() },
  };
}

function shapeValue({ shape }: ToolContainerRequest, container: string): string | undefined {
  return shape === undefined ? undefined : JSON.stringify({ ...shape, container });
}

function environment(request: ToolContainerRequest, container: string): { name: string; value: string }[] {
  const { image, caller, reason } = request;
  const shape = shapeValue(request, container);
  return [
    { name: imageVariable, value: image },
    ...(caller === undefined ? [] : [{ name: callerVariable, value: caller }]),
    ...(reason === undefined ? [] : [{ name: reasonVariable, value: reason }]),
    ...(shape === undefined ? [] : [{ name: shapeVariable, value: shape }]),
  ];
}

/**
 * The ephemeral container of a request in the pod of a uid. Without `targetContainerName`: the network is the pod's anyway, and the processes
 * of the user's containers stay out of reach.
 */
export function toolContainerSpec(request: ToolContainerRequest, generation: number, podUid?: string): Container {
  const rights = rightsOf(request);
  const name = toolContainerName(rights, generation);
  return {
    name,
    image: request.image,
    imagePullPolicy: request.imagePullPolicy ?? 'IfNotPresent',
    // Who may change the network may have something to undo before the end.
    command: idleCommand(request.idleSeconds ?? defaultIdleSeconds[rights], rights === 'admin'),
    env: environment(request, name),
    securityContext: securityContext(request.capabilities ?? [], podUid),
  };
}

function sameSecurity(found: SecurityContext = {}, wanted: SecurityContext = {}): boolean {
  const set = (list: readonly string[] = []) => [...list].sort().join();
  return (
    found.privileged !== true &&
    (found.runAsUser === wanted.runAsUser || (isToolUser(found.runAsUser) && isToolUser(wanted.runAsUser))) &&
    found.runAsNonRoot === wanted.runAsNonRoot &&
    found.allowPrivilegeEscalation === wanted.allowPrivilegeEscalation &&
    found.seccompProfile?.type === wanted.seccompProfile?.type &&
    set(found.capabilities?.add) === set(wanted.capabilities?.add) &&
    set(found.capabilities?.drop) === set(wanted.capabilities?.drop)
  );
}

/** The value of a variable in a container's specification. */
export function environmentValue(container: Container, variable: string): string | undefined {
  return container.env?.find(({ name }) => name === variable)?.value;
}

function isAddedFor(container: Container, request: ToolContainerRequest): boolean {
  const shape = shapeValue(request, container.name);
  return shape !== undefined && environmentValue(container, shapeVariable) === shape;
}

/** Whether a container of a pod is a tool container that serves this request, going by its specification. */
export function servesRequest(container: Container, request: ToolContainerRequest): boolean {
  if (generationOf(container.name, rightsOf(request)) === undefined) return false;
  const idleSeconds = idleSecondsOf(container.command);
  const askedImage = environmentValue(container, imageVariable) ?? container.image;
  return (
    idleSeconds !== undefined &&
    (request.fresh !== true || isAddedFor(container, request)) &&
    (request.idleSeconds === undefined || request.idleSeconds === idleSeconds) &&
    askedImage === request.image &&
    sameSecurity(container.securityContext, toolContainerSpec(request, 1).securityContext)
  );
}
