// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { circumstanceWarnings, labelsOf } from '../../../src/runs/circumstances.js';
import type { SourcePod } from '../../../src/targets/source-pod.js';
import { allTests, destination, source } from './planned-tests.js';

const connect = { verb: 'connect', capabilities: [] } as const;
const ready = { conditions: [{ type: 'Ready', status: 'True' }] };

/** A ready source whose pod has these fields. */
function sourceWith(name: string, spec: object, status: object = ready): SourcePod {
  const made = source(name);
  return {
    ...made,
    pod: { ...made.pod, spec: { ...made.pod.spec, ...spec }, status: { ...made.pod.status, ...status } },
  };
}

const meshed = (name: string) => sourceWith(name, { containers: [{ name: 'linkerd-proxy' }] });

describe('circumstances', () => {
  it('of usual pods are not worth a word', () => {
    const tests = allTests([sourceWith('a', {})], [destination('b')]);
    expect(circumstanceWarnings(tests, connect)).toEqual([]);
    expect(tests.map((test) => labelsOf(test, undefined))).toEqual([undefined]);
  });

  it('are one line for all the pods that share them, of which three are named', () => {
    const tests = allTests(['a', 'b', 'c', 'd', 'e'].map(meshed), [destination('x'), destination('y')]);
    const { namespace } = source('a');
    expect(circumstanceWarnings(tests, connect)).toEqual([
      expect.stringMatching(`^${namespace}/a, ${namespace}/b, ${namespace}/c and 2 more: the linkerd proxy`),
    ]);
  });

  it('of a mesh label every result, and warn of TCP alone', () => {
    const udp = destination('x', { protocol: 'udp', traits: { mesh: 'istio' } });
    const tests = allTests([meshed('a')], [udp]);
    expect(circumstanceWarnings(tests, connect)).toEqual([]);
    expect(tests.map((test) => labelsOf(test, undefined))).toEqual([
      { sourceMesh: 'linkerd', destinationMesh: 'istio' },
    ]);
    const tcp = allTests([sourceWith('a', {})], [destination('x', { traits: { mesh: 'istio' } })]);
    expect(circumstanceWarnings(tcp, connect)).toEqual([
      expect.stringContaining('shop/x: a connection may have ended'),
    ]);
    expect(circumstanceWarnings(tcp, { verb: 'ping', capabilities: [] })).toEqual([]);
  });

  it('leave the labels of the user as they are', () => {
    const tests = allTests([meshed('a')], [destination('x')]);
    const own = { team: 'red', sourceMesh: 'mine' };
    expect(tests.map((test) => labelsOf(test, own))).toEqual([own]);
  });

  it('of a pod that is not ready are said where it can be entered all the same', () => {
    const unready = { conditions: [{ type: 'Ready', status: 'False' }] };
    const warnings = (status: object, spec: object = {}) =>
      circumstanceWarnings(allTests([sourceWith('a', spec, status)], [destination('x')]), connect);
    expect(warnings(unready)).toEqual([expect.stringContaining('is not ready (as its own readiness condition says)')]);
    expect(warnings({ ...unready, phase: 'Succeeded' })).toEqual([]);
    expect(warnings(unready, { nodeName: '' })).toEqual([]);
  });
});
