// SPDX-License-Identifier: Apache-2.0
import { mayReach } from '../../injection/network-prober.js';
import type { KubeObject } from '../../kube/objects.js';
import { peerListName } from '../../model/prober.js';
import { endpointsText } from './endpoints-text.js';
import type { ProberPod } from './prober-pod.js';

/** Where a peer list is. */
export interface ListPlace {
  namespace: string;
  /** Of the ConfigMap. */
  name: string;
  /** As `meshVariable` has it. */
  mesh: string;
}

/** What a ConfigMap is to be. */
export type WantedList = ListPlace &
  (
    | {
        action: 'write';
        /** `endpointsMap` as JSON, the same text for all namespaces of a mesh. */
        endpoints: string;
        /** Nanoseconds; undefined: that of the ConfigMap that is there. */
        periodNs: number | undefined;
        /** Pods of the mesh or its NetworkProber are there. Else it is kept where it is, and not made anew: `uninject` deletes it. */
        isNeeded: boolean;
      }
    | { action: 'delete' }
  );

/** A NetworkProber; its period is not known where its spec makes no sense. */
export interface ListedProber {
  namespace: string;
  name: string;
  periodMs: number | undefined;
}

export interface PeerListsInput {
  pods: Iterable<ProberPod>;
  /** By mesh. */
  probers: ReadonlyMap<string, ListedProber>;
  /** By name; what is not in here is gone or going away. */
  namespaces: ReadonlyMap<string, KubeObject>;
  /** Lists that were written some time ago, and may have no pods any more. */
  existing: Iterable<ListPlace>;
}

/** The pods of a mesh that count: those of namespaces that its NetworkProber may reach. */
export interface MeshPods {
  /** `NAMESPACE/NAME` of all pods with the prober in them. */
  pods: string[];
  /** How many of them are in the peer lists. */
  listedCount: number;
}

export interface PeerLists {
  /** By `NAMESPACE/NAME` of the ConfigMap. */
  lists: Map<string, WantedList>;
  /** Lists whose ConfigMap is that of a NetworkProber's mesh, which has it. */
  clashes: ListPlace[];
  meshes: Map<string, MeshPods>;
}

interface Mesh {
  /** `NAMESPACE/NAME` */
  pods: string[];
  members: ProberPod[];
  /** By `NAMESPACE/NAME` of the ConfigMap. */
  places: Map<string, ListPlace>;
  /** Namespaces with pods of it, listed or not. */
  inhabited: Set<string>;
}

const noEndpoints = '{}';

/**
 * All peer lists that are to be there: for each mesh one in every namespace with pods of it, and in the namespace of its
 * NetworkProber before there are any. Where a NetworkProber is gone or may not reach a namespace, the list there becomes
 * empty, so that probing stops; without any pod it goes as well. Lists of plain meshes stay, for their period.
 */
export function peerLists({ pods, probers, namespaces, existing }: PeerListsInput): PeerLists {
  const byMesh = new Map<string, Mesh>();
  const meshOf = (mesh: string): Mesh => {
    const found = byMesh.get(mesh) ?? { pods: [], members: [], places: new Map(), inhabited: new Set() };
    byMesh.set(mesh, found);
    return found;
  };
  const isOpen = (mesh: string, namespace: string): boolean => {
    if (!mesh.includes('/')) return true;
    const prober = probers.get(mesh);
    const object = namespaces.get(namespace);
    return prober !== undefined && object !== undefined && mayReach(object, prober.namespace);
  };
  const place = (mesh: string, namespace: string, name = peerListName(mesh, namespace)): void =>
    void meshOf(mesh).places.set(`${namespace}/${name}`, { namespace, name, mesh });

  for (const [mesh, { namespace }] of probers) place(mesh, namespace);
  for (const { mesh, namespace, name } of existing) place(mesh, namespace, name);
  for (const pod of pods) {
    const { pods: all, members, inhabited } = meshOf(pod.mesh);
    if (!inhabited.has(pod.namespace)) place(pod.mesh, pod.namespace);
    inhabited.add(pod.namespace);
    if (!isOpen(pod.mesh, pod.namespace)) continue;
    all.push(`${pod.namespace}/${pod.name}`);
    if (pod.endpoint !== undefined) members.push(pod);
  }

  const lists = new Map<string, WantedList>();
  const clashes: ListPlace[] = [];
  for (const [mesh, { members, places, inhabited }] of byMesh) {
    const endpoints = endpointsText(members);
    const periodMs = probers.get(mesh)?.periodMs;
    const periodNs = periodMs === undefined ? undefined : Math.round(periodMs * 1e6);
    for (const [key, at] of places) {
      if (!namespaces.has(at.namespace)) continue;
      const open = isOpen(mesh, at.namespace);
      const isLitter = !open && !inhabited.has(at.namespace);
      const list: WantedList = isLitter
        ? { ...at, action: 'delete' }
        : {
            ...at,
            action: 'write',
            endpoints: open ? endpoints : noEndpoints,
            periodNs,
            isNeeded: inhabited.has(at.namespace) || probers.get(mesh)?.namespace === at.namespace,
          };
      const other = lists.get(key);
      const [kept, lost] = other === undefined || ranksBefore(list, other) ? [list, other] : [other, list];
      lists.set(key, kept);
      if (lost?.action === 'write') clashes.push({ namespace: lost.namespace, name: lost.name, mesh: lost.mesh });
    }
  }
  const meshes = [...byMesh].map(
    ([mesh, { pods: all, members }]) => [mesh, { pods: all, listedCount: members.length }] as const,
  );
  return { lists, clashes, meshes: new Map(meshes) };
}

/** A plain mesh NAME and the NetworkProber NAME have the same ConfigMap: the latter has no other one to mount. */
function ranksBefore(list: WantedList, other: WantedList): boolean {
  if (list.action !== other.action) return list.action === 'write';
  return list.mesh.includes('/') && !other.mesh.includes('/');
}

/** Whether a list is to be what another one was. */
export function isSameList(a: WantedList, b: WantedList): boolean {
  if (a.mesh !== b.mesh) return false;
  if (a.action === 'delete' || b.action === 'delete') return a.action === b.action;
  return a.endpoints === b.endpoints && a.periodNs === b.periodNs && a.isNeeded === b.isNeeded;
}
