// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/kube/objects.js';
import { probePodLabel } from '../../../src/kube/probe-pod-metadata.js';
import { destinationsOfChosen, podOfPlace } from '../../../src/suites/chosen-pod.js';
import type { ChosenPod } from '../../../src/suites/suite.js';
import { recordedPod } from '../targets/recorded.js';
import { refusal } from '../targets/refusal.js';

const one = recordedPod('old');
const other = recordedPod('new');
const onNode: ChosenPod = { kind: 'chosenPod', text: 'node/node1', pod: { by: 'node', node: 'node1' } };

type Ports = Pod['spec']['containers'][number]['ports'];

/** A recorded pod whose containers declare these ports. */
function withPorts(pod: Pod, ...ports: Ports[]): Pod {
  const containers = ports.map((declared, index) => ({ name: `c${index}`, ...(declared && { ports: declared }) }));
  return { ...pod, spec: { ...pod.spec, containers } };
}

describe('a place is stood for by', () => {
  it.each<[string, Pod[], Pod | undefined]>([
    ['the first pod', [one, other], one],
    ['the first that declares a port', [withPorts(one, undefined), other], other],
    ['the first that declares one of TCP', [withPorts(one, [{ containerPort: 53, protocol: 'UDP' }]), other], other],
    ['one without ports where there is no other', [withPorts(one, undefined)], withPorts(one, undefined)],
    ['one that is ready', [recordedPod('unready'), other], other],
    ['one of the pod network', [{ ...one, spec: { ...one.spec, hostNetwork: true } }, other], other],
    ['one of others', [{ ...one, metadata: { ...one.metadata, labels: { [probePodLabel]: 'a' } } }, other], other],
    ['none that cannot answer', [recordedPod('unready'), recordedPod('waiting')], undefined],
    ['nothing where nothing is', [], undefined],
  ])('%s', (_, pods, chosen) => {
    expect(podOfPlace(pods)).toEqual(chosen);
  });
});

describe('the pod that was chosen', () => {
  it('is a destination in both families, and a note says which it is', () => {
    const { destinations, notes } = destinationsOfChosen(onNode, one);
    expect(destinations).toMatchObject([
      { ref: 'node/node1', kind: 'pod', name: 'old', family: 4, address: '198.19.1.15', port: 8080, protocol: 'tcp' },
      { ref: 'node/node1', kind: 'pod', name: 'old', family: 6, address: '2001:2:0:1901::f', port: 8080 },
    ]);
    expect(notes).toEqual(['node/node1: pod targets/old on node1 was taken, at port 8080']);
  });

  it.each<[string, Ports[], number]>([
    ['the first TCP port of any container', [undefined, [{ containerPort: 7 }, { containerPort: 8 }]], 7],
    [
      'no port of UDP',
      [
        [
          { containerPort: 53, protocol: 'UDP' },
          { containerPort: 54, protocol: 'TCP' },
        ],
      ],
      54,
    ],
  ])('is connected to at %s', (_, ports, port) => {
    const { destinations } = destinationsOfChosen(onNode, withPorts(one, ...ports));
    expect([...new Set(destinations.map((each) => each.port))]).toEqual([port]);
  });

  it.each([
    [9, 9],
    ['http', 8080],
  ])('is connected to at the port that the file names: %s', (port, number) => {
    const { destinations, notes } = destinationsOfChosen({ ...onNode, port }, one);
    expect([...new Set(destinations.map((each) => each.port))]).toEqual([number]);
    expect(notes.at(-1)).toContain(`at port ${port}`);
  });

  it('is unsupported where it declares no port', () => {
    const portless = withPorts(one, [{ containerPort: 53, protocol: 'UDP' }]);
    expect(refusal(() => destinationsOfChosen(onNode, portless), 'unsupported')).toMatchObject({
      message: 'pod targets/old declares no TCP port to connect to',
      hint: 'give the destination a port',
    });
  });
});
