// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { fullReference, hasImage, imageDigest } from '../../../src/kube/image-presence.js';
import type { Node } from '../../../src/kube/objects.js';

const digest = `sha256:${'1f'.repeat(32)}`;
const other = `sha256:${'2e'.repeat(32)}`;
/** Names as kubelets with containerd report them. */
const node: Node = {
  metadata: { name: 'n' },
  status: {
    images: [
      { names: [`docker.io/nicolaka/netshoot@${digest}`, 'docker.io/nicolaka/netshoot:v0.15'] },
      { names: ['registry.example:5000/tools:1'] },
      {},
    ],
  },
};

describe('an image reference', () => {
  it.each([
    ['nicolaka/netshoot:v0.15', 'docker.io/nicolaka/netshoot:v0.15'],
    ['busybox', 'docker.io/library/busybox:latest'],
    ['registry.example:5000/tools', 'registry.example:5000/tools:latest'],
    ['localhost/a:1', 'localhost/a:1'],
    [`ghcr.io/a/b@${digest}`, `ghcr.io/a/b@${digest}`],
  ])('%s is %s in full', (image, full) => {
    expect(fullReference(image)).toBe(full);
  });
});

describe('a node', () => {
  it.each(['nicolaka/netshoot:v0.15', `nicolaka/netshoot@${digest}`, `nicolaka/netshoot:v9@${digest}`])(
    'has %s',
    (image) => expect(hasImage(node, image)).toBe(true),
  );

  it.each(['nicolaka/netshoot', 'nicolaka/netshoot:v0.1', `nicolaka/netshoot@${other}`, 'tools:1'])(
    'does not have %s',
    (image) => expect(hasImage(node, image)).toBe(false),
  );

  it("knows an image's digest, if it was pulled by one", () => {
    expect(imageDigest('nicolaka/netshoot:v0.15', [node])).toBe(digest);
    expect(imageDigest('registry.example:5000/tools:1', [node])).toBeUndefined();
    expect(imageDigest('nicolaka/netshoot:v0.15', [])).toBeUndefined();
    expect(imageDigest(`nicolaka/netshoot@${other}`, [node])).toBe(other);
  });
});
