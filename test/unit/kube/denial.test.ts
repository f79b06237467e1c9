// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { failureOfStatus, type Status } from '../../../src/kube/api-failure.js';
import { DeniedAccess, denialOf, parseDenial } from '../../../src/kube/denial.js';
import recorded from './recorded/denials.json' with { type: 'json' };

/** What Kubernetes 1.34 answered to users without permissions. */
const denials = recorded.map((status) => denialOf(failureOfStatus(status as Status)));

describe("the API server's words for a 403", () => {
  it('say who may not do what with which resource in which namespace', () => {
    const inShop = { group: '', namespace: 'shop' };
    expect(denials).toMatchObject([
      { user: 'jane', accesses: [{ ...inShop, verb: 'list', resource: 'pods' }] },
      { user: 'jane "J" Doe', accesses: [{ verb: 'list', group: '', resource: 'nodes', namespace: undefined }] },
      {
        user: 'system:serviceaccount:shop:default',
        accesses: [{ verb: 'get', group: 'apps', resource: 'deployments', namespace: 'shop', name: 'web' }],
      },
      { accesses: [{ ...inShop, verb: 'get', resource: 'pods', subresource: undefined, name: 'busybox' }] },
      { accesses: [{ ...inShop, verb: 'get', resource: 'pods', subresource: 'exec' }] },
      { accesses: [{ ...inShop, verb: 'patch', resource: 'pods', subresource: 'ephemeralcontainers' }] },
      { accesses: [{ ...inShop, verb: 'get', resource: 'namespaces', name: 'shop' }] },
      undefined,
    ]);
  });

  it.each([
    'pods "x" is forbidden: violates PodSecurity "restricted:latest": unrestricted capabilities',
    'pods "x" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=2, limited: pods=2',
    'admission webhook "x.example.com" denied the request: User "x" is not welcome',
    'Forbidden by proxy',
    '',
  ])('are not those of admission or of a proxy: %s', (message) => {
    expect(parseDenial(message)).toBeUndefined();
  });

  it('are read or left, whatever they are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (user, rest) => {
        const words = `pods is forbidden: User ${JSON.stringify(user)} cannot list resource "pods" in API group "" in the namespace "shop"${rest}`;
        expect(parseDenial(words)?.user).toBe(user);
        parseDenial(rest);
      }),
    );
  });
});

describe('the denial behind a failure', () => {
  it('is found below what was said of it later', () => {
    const [list] = recorded;
    const first = failureOfStatus(list as Status);
    const later = new Failure('forbidden', 'cannot look', { cause: new Failure('tool', 'no', { cause: first }) });
    expect(denialOf(later)?.accesses[0]).toMatchObject({ verb: 'list', resource: 'pods' });
  });

  it('is that of access reviews where they said no', () => {
    const denial = { user: 'jane', accesses: [{ verb: 'patch', resource: 'pods' }] };
    expect(denialOf(new Failure('forbidden', 'no', { cause: new DeniedAccess(denial) }))).toBe(denial);
    expect(denialOf(new Failure('forbidden', 'no'))).toBeUndefined();
  });
});
