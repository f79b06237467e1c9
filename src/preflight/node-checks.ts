// SPDX-License-Identifier: Apache-2.0
import { hasImage } from '../kube/image-presence.js';
import { releaseOf } from '../kube/server-version.js';
import type { Node } from '../kube/objects.js';
import type { Check } from '../model/preflight.js';

const shownNodes = 5;

/** What the checks read of a node, without the up to 50 images that it names beside the one that is asked about. */
export function nodeFacts({ metadata: { name }, status = {} }: Node, image: string): Node {
  const {
    operatingSystem = 'unknown',
    containerRuntimeVersion = 'unknown',
    kubeletVersion = 'unknown',
    kernelVersion = 'unknown',
  } = status.nodeInfo ?? {};
  const images = (status.images ?? []).filter((one) =>
    hasImage({ metadata: { name }, status: { images: [one] } }, image),
  );
  return {
    metadata: { name },
    status: { nodeInfo: { operatingSystem, containerRuntimeVersion, kubeletVersion, kernelVersion }, images },
  };
}

function names(nodes: readonly Node[]): string {
  const shown = nodes.slice(0, shownNodes).map(({ metadata }) => metadata.name);
  const more = nodes.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function isWindows({ status }: Node): boolean {
  return status?.nodeInfo?.operatingSystem === 'windows';
}

/** Nodes whose pods cannot be used; no check where there are none. */
export function windowsCheck(nodes: readonly Node[]): Check[] {
  const windows = nodes.filter(isWindows);
  if (windows.length === 0) return [];
  const detail = `pods on ${names(windows)} run Windows, where none of this works`;
  return [{ check: 'Windows nodes', status: 'warning', detail, action: 'use pods on other nodes' }];
}

/** How an image gets to nodes that do not have it. */
export interface PullFacts {
  /** Of the namespace's default service account; undefined where it may not be read. */
  secrets: readonly string[] | undefined;
}

function pullWords({ secrets }: PullFacts): string {
  if (secrets === undefined) return 'with the pull secrets of each pod';
  return secrets.length === 0
    ? "without pull secrets (the default service account has none; a pod's own count)"
    : `with ${secrets.join(', ')} of the default service account, or the pod's own`;
}

/** Where the image already is. Whether it can be pulled is only known by pulling it. */
export function imageCheck(image: string, nodes: readonly Node[] | undefined, pull: PullFacts): Check {
  const check = 'image';
  const action = 'try it: ping a pod on such a node; --image names a mirror';
  const pulled = `whether it can be pulled, ${pullWords(pull)}, is not known without trying`;
  if (nodes === undefined) return { check, status: 'unknown', detail: `${image}: ${pulled}`, action };
  const linux = nodes.filter((node) => !isWindows(node));
  const without = linux.filter((node) => !hasImage(node, image));
  if (without.length === 0 && linux.length > 0) {
    return {
      check,
      status: 'ok',
      detail: `${image} is on ${linux.length === 1 ? 'the node' : `all ${linux.length} nodes`}`,
    };
  }
  const where = without.length === linux.length ? 'no node names it' : `not named by ${names(without)}`;
  return { check, status: 'unknown', detail: `${image}: ${where}; ${pulled}`, action };
}

function allowsPing(version: string): boolean {
  const [runtime = '', number = ''] = version.split('://');
  return runtime === 'containerd' && (releaseOf(number)?.major ?? 0) >= 2;
}

/**
 * Whether processes without rights may ping: containerd 2.0 and newer sets net.ipv4.ping_group_range for new pods
 * (containerd/containerd#9348), others leave the kernel's default, which allows nobody.
 */
export function pingCheck(nodes: readonly Node[] | undefined): Check {
  const check = 'unprivileged ping';
  const action = 'where ping says unsupported, use --raw or connect';
  if (nodes === undefined) {
    return { check, status: 'unknown', detail: 'the runtimes of the nodes may not be read', action };
  }
  const linux = nodes.filter((node) => !isWindows(node));
  const versionOf = ({ status }: Node) => status?.nodeInfo?.containerRuntimeVersion ?? 'unknown';
  const doubtful = linux.filter((node) => !allowsPing(versionOf(node)));
  const versions = [...new Set(linux.map(versionOf))].join(', ');
  if (doubtful.length === 0) return { check, status: 'ok', detail: `${versions}: containerd 2 and newer allow it` };
  const detail = `${[...new Set(doubtful.map(versionOf))].join(', ')} on ${names(doubtful)}: perhaps not allowed (containerd 2 and newer allow it)`;
  return { check, status: 'warning', detail, action };
}

/** Which kernels there are. What modules they have is in no object of the cluster. */
export function kernelCheck(nodes: readonly Node[] | undefined): Check {
  const check = 'kernels';
  const trial =
    'whether they have sch_netem is seen only by a trial in a pod, which shape makes before it changes anything';
  const action =
    'without sch_netem only rate, random loss and partition can be done; an administrator may load it: modprobe sch_netem (RHEL and its kin: package kernel-modules-extra)';
  if (nodes === undefined) {
    return { check, status: 'unknown', detail: `the nodes may not be read; ${trial}`, action };
  }
  const kernels = new Map<string, Node[]>();
  for (const node of nodes.filter((each) => !isWindows(each))) {
    const version = node.status?.nodeInfo?.kernelVersion ?? 'unknown';
    kernels.set(version, [...(kernels.get(version) ?? []), node]);
  }
  const found = [...kernels].map(([version, on]) => `${version} on ${names(on)}`).join(', ');
  return { check, status: 'unknown', detail: `${found}; ${trial}`, action };
}
