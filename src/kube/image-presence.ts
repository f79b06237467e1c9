// SPDX-License-Identifier: Apache-2.0
import type { Node } from './objects.js';

/**
 * An image reference with what container runtimes add to it: the registry and folder of Docker Hub, and `latest` where
 * there is neither tag nor digest (github.com/distribution/reference, ParseDockerRef).
 */
export function fullReference(image: string): string {
  const slash = image.indexOf('/');
  const first = slash < 0 ? '' : image.slice(0, slash);
  const hasRegistry = first.includes('.') || first.includes(':') || first === 'localhost';
  const path = hasRegistry ? image : `docker.io/${slash < 0 ? 'library/' : ''}${image}`;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.includes(':') || name.includes('@') ? path : `${path}:latest`;
}

/** A reference by tag and digest is found by its digest. */
function withoutTagOfDigest(reference: string): string {
  const at = reference.indexOf('@');
  return at < 0 ? reference : reference.slice(0, at).replace(/:[^:/]+$/, '') + reference.slice(at);
}

function imageOn(node: Node, image: string): string[] | undefined {
  const wanted = withoutTagOfDigest(fullReference(image));
  const names = (node.status?.images ?? []).map((each) => each.names ?? []);
  return names.find((each) => each.some((name) => name === wanted));
}

/** Whether a node says that it has an image. It names its 50 largest only (kubelet, nodeStatusMaxImages). */
export function hasImage(node: Node, image: string): boolean {
  return imageOn(node, image) !== undefined;
}

/** The digest of an image: that in the reference itself, else what a node that has it says; `sha256:...`. */
export function imageDigest(image: string, nodes: readonly Node[]): string | undefined {
  const own = /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
  if (own !== undefined) return own;
  const repository = fullReference(image).replace(/:[^:/]+$/, '');
  for (const node of nodes) {
    const name = imageOn(node, image)?.find((each) => each.startsWith(`${repository}@sha256:`));
    if (name !== undefined) return name.slice(repository.length + 1);
  }
  return undefined;
}
