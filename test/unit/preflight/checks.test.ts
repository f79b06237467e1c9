// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Node } from '../../../src/kube/objects.js';
import { releaseOf } from '../../../src/kube/server-version.js';
import type { PermissionVerb } from '../../../src/permissions/needs.js';
import { podSecurityCheck } from '../../../src/preflight/admission-checks.js';
import { imageCheck, kernelCheck, nodeFacts, pingCheck, windowsCheck } from '../../../src/preflight/node-checks.js';
import { ruleUses } from '../../../src/preflight/permission-checks.js';
import { ephemeralContainersCheck, kubeletCheck, serverVersionCheck } from '../../../src/preflight/version-checks.js';

function node(name: string, more: { runtime?: string; kubelet?: string; os?: string; images?: string[] } = {}): Node {
  const { runtime = 'containerd://2.2.1', kubelet = 'v1.34.4', os = 'linux', images = [] } = more;
  return {
    metadata: { name },
    status: {
      nodeInfo: {
        containerRuntimeVersion: runtime,
        kubeletVersion: kubelet,
        operatingSystem: os,
        kernelVersion: '6.1.0',
      },
      images: images.map((image) => ({ names: [image] })),
    },
  };
}

describe("the server's version", () => {
  it.each([
    ['v1.34.4', 'ok', /tested with it/],
    ['v1.36.0-gke.12', 'ok', /newer than v1\.34/],
    ['v1.30.1', 'ok', /older than v1\.34/],
    ['v1.26.0', 'ok', /not written down before v1\.28/],
    ['v1.24.17', 'warning', /beta before v1\.25/],
    ['v1.22.0', 'failed', /came with v1\.23/],
    ['master', 'unknown', /no release/],
  ])('%s is %s', (text, status, detail) => {
    const check = serverVersionCheck({ text, release: releaseOf(text) });
    expect(check).toMatchObject({ status, detail: expect.stringMatching(detail) as string });
  });

  it('too old is unsupported, which no permission repairs', () => {
    expect(serverVersionCheck({ text: 'v1.20.0', release: releaseOf('v1.20.0') }).cause).toBe('unsupported');
    expect(ephemeralContainersCheck([{ name: 'pods', verbs: ['patch'] }]).cause).toBe('unsupported');
    const offered = [{ name: 'pods/ephemeralcontainers', verbs: ['get', 'patch', 'update'] }];
    expect(ephemeralContainersCheck(offered).status).toBe('ok');
  });

  it('of kubelets is named with the number of nodes, and old ones are warned of', () => {
    const young = kubeletCheck([node('a'), node('b'), node('c', { kubelet: 'v1.32.0' })]);
    expect(young).toMatchObject({ status: 'ok', detail: 'v1.34.4 on 2 nodes, v1.32.0 on 1 node' });
    expect(kubeletCheck([node('a', { kubelet: 'v1.22.3' })]).status).toBe('warning');
  });
});

describe('unprivileged ping', () => {
  it.each([
    ['containerd://2.2.1', 'ok'],
    ['containerd://2.0.0-rc.1', 'ok'],
    ['containerd://1.7.27', 'warning'],
    ['cri-o://1.34.0', 'warning'],
    ['docker://27.0.1', 'warning'],
  ])('on %s is %s', (runtime, status) => {
    expect(pingCheck([node('a'), node('b', { runtime })]).status).toBe(status);
  });

  it('is not concluded from nothing, nor from Windows', () => {
    expect(pingCheck(undefined).status).toBe('unknown');
    expect(pingCheck([node('a'), node('w', { os: 'windows', runtime: 'containerd://1.7.0' })]).status).toBe('ok');
  });
});

describe('the image', () => {
  const image = 'tools.example/netshoot:1';

  it('is there where every node names it', () => {
    const nodes = [node('a', { images: [image] }), node('w', { os: 'windows' })];
    expect(imageCheck(image, nodes, { secrets: [] }).status).toBe('ok');
  });

  it('may be there or not where the node that lacks it is named, with the pull secrets', () => {
    const nodes = [node('a', { images: [image] }), node('b')];
    const { status, detail } = imageCheck(image, nodes, { secrets: ['regcred'] });
    expect(status).toBe('unknown');
    expect(detail).toMatch(/not named by b;.*regcred/);
    expect(imageCheck(image, undefined, { secrets: undefined }).status).toBe('unknown');
  });
});

describe('a namespace', () => {
  const labelled = (labels: Record<string, string>, commands: readonly PermissionVerb[] = ['ping']) =>
    podSecurityCheck({ metadata: { name: 'n', labels } }, commands);
  const enforce = 'pod-security.kubernetes.io/enforce';

  it('of level restricted or baseline refuses only what needs NET_RAW', () => {
    for (const level of ['restricted', 'baseline']) {
      expect(labelled({ [enforce]: level }).detail).toMatch(/allows ping and connect; it refuses ping --raw/);
    }
    const pinned = labelled({ [enforce]: 'baseline', [`${enforce}-version`]: 'v1.30' });
    expect(pinned.detail).toContain('baseline:v1.30');
  });

  it('of level restricted or baseline refuses shaping', () => {
    for (const level of ['restricted', 'baseline']) {
      const alone = labelled({ [enforce]: level }, ['shape']);
      expect(alone).toMatchObject({ status: 'warning', detail: `${level}:latest refuses shape (NET_ADMIN)` });
      expect(labelled({ [enforce]: level }, ['connect', 'shape']).detail).toMatch(
        /allows ping and connect; it refuses ping --raw.* and shape \(NET_ADMIN\)$/,
      );
    }
    expect(labelled({ [enforce]: 'privileged' }, ['shape'])).toMatchObject({ status: 'ok' });
  });

  it('of level privileged, or without one, refuses nothing that is known', () => {
    expect(labelled({ [enforce]: 'privileged' }).detail).not.toContain('refuses');
    expect(labelled({}).detail).toContain('no label');
    expect(podSecurityCheck(undefined, ['ping']).status).toBe('unknown');
  });

  it('has Windows nodes named', () => {
    expect(windowsCheck([node('a')])).toEqual([]);
    expect(windowsCheck([node('w', { os: 'windows' })])).toMatchObject([{ status: 'warning' }]);
  });
});

describe('the kernels', () => {
  it('are named, and nothing is concluded from them', () => {
    const { status, detail, action } = kernelCheck([node('a'), node('b'), node('w', { os: 'windows' })]);
    expect(status).toBe('unknown');
    expect(detail).toMatch(/^6\.1\.0 on a, b; .*sch_netem.*trial in a pod/);
    expect(action).toContain('modprobe sch_netem');
    expect(kernelCheck(undefined).detail).toContain('may not be read');
  });
});

describe('what is kept of a node', () => {
  it('is what the checks read, and none of its other images', () => {
    const image = 'tools.example/netshoot:1';
    const others = Array.from({ length: 49 }, (_, index) => `other.example/app:${index}`);
    const full = node('a', { images: [...others, image] });
    const extended = { ...full, status: { ...full.status, conditions: [{ type: 'Ready', status: 'True' }] } } as Node;
    expect(nodeFacts(extended, image)).toEqual(node('a', { images: [image] }));
    expect(nodeFacts(node('b', { images: others }), image)).toEqual(node('b'));
  });
});

describe('the permissions that are looked at', () => {
  const required = (entry: Parameters<typeof ruleUses>[1]) =>
    ruleUses(['ping'], entry)
      .filter(({ use }) => use === 'required')
      .map(({ rule }) => rule.resources[0]);

  it('are those of the way into pods that will be taken', () => {
    expect(required({})).toEqual(['pods', 'pods/ephemeralcontainers', 'pods/exec']);
    expect(required({ noExec: true })).toEqual(['pods', 'pods/ephemeralcontainers', 'pods/log']);
    expect(required({ probePod: true })).toEqual(['pods', 'services', 'pods/exec']);
    expect(required({ ownContainer: true })).toEqual(['pods', 'pods/exec']);
  });
});
