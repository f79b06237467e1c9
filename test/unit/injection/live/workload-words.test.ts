// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/errors/failure.js';
import { workloadScope } from '../../../../src/injection/live/workload-words.js';

const named = (...words: string[]) => {
  const scope = workloadScope(words, undefined);
  return scope.by === 'name'
    ? scope.words.map(({ kind, namespace = '', name }) => [kind, namespace, name].join(' '))
    : [];
};

describe('workloadScope', () => {
  it.each([
    [['deploy/web'], ['deployment  web']],
    [['deployment', 'web'], ['deployment  web']],
    [
      ['deployments.apps/web', 'Deployment.v1.apps/api'],
      ['deployment  web', 'deployment  api'],
    ],
    [['shop/sts/db'], ['statefulset shop db']],
    [
      ['deploy', 'web', 'api'],
      ['deployment  web', 'deployment  api'],
    ],
    [
      ['deploy', 'web', 'sts', 'db', 'ds/each'],
      ['deployment  web', 'statefulset  db', 'daemonset  each'],
    ],
    [
      ['cj/night', 'po/one', 'two'],
      ['cronjob  night', 'pod  one', 'pod  two'],
    ],
    [['deploy/web', 'deployment/web'], ['deployment  web']],
  ])('reads %j', (words, expected) => {
    expect(named(...words)).toEqual(expected);
  });

  it('reads types beside a selector', () => {
    expect(workloadScope(['deploy,sts', 'ds'], 'app=web')).toEqual({
      by: 'selector',
      kinds: ['deployment', 'statefulset', 'daemonset'],
      selector: 'app=web',
    });
  });

  it.each([
    [[], undefined, 'no workload'],
    [['job/once'], undefined, 'cannot be injected'],
    [['svc/web'], undefined, 'cannot be injected'],
    [['node/one'], undefined, 'cannot be injected'],
    [['rs/web'], undefined, 'cannot be injected'],
    [['deploy'], undefined, 'no name follows'],
    [['deploy', 'sts/db'], undefined, 'has one already'],
    [[], 'app=web', 'needs a type'],
    [['deploy'], ' ', 'selector is empty'],
    [['web'], 'app=web', 'no type'],
    [['a/b/c/d'], undefined, 'too many slashes'],
  ])('refuses %j with %j', (words, selector, message) => {
    expect(() => workloadScope(words, selector)).toThrow(message);
  });

  it('throws nothing but Failures', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('deploy', 'sts', 'web', 'pod', 'job', 'shop/deploy/web'));
    fc.assert(
      fc.property(fc.array(word), fc.option(fc.string(), { nil: undefined }), (words, selector) => {
        try {
          workloadScope(words, selector);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Failure);
        }
      }),
    );
  });
});
