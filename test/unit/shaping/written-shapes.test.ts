// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { healedMessage, writtenShapes } from '../../../src/shaping/written-shapes.js';
import { podWith, record, type SampleContainer } from './sample-record.js';

const killed: SampleContainer = { record, state: 'terminated', message: JSON.stringify(record) };

describe('what is written about shapes in a pod', () => {
  it('is nothing where no container of ours ever had the right, and nothing says so', () => {
    expect(writtenShapes(podWith([]))).toBeUndefined();
    const foreign = podWith([{ record }]);
    for (const container of foreign.spec.ephemeralContainers ?? []) delete container.env;
    expect(writtenShapes(foreign)).toBeUndefined();
  });

  it('names the containers that run, or may any moment, the newest first', () => {
    const pod = podWith([
      { state: 'terminated' },
      { record, state: 'running' },
      {},
      { waiting: 'ContainerCreating' },
      { waiting: 'ErrImagePull' },
    ]);
    expect(writtenShapes(pod)).toMatchObject({
      namespace: 'shop',
      pod: 'web',
      node: 'node1',
      alive: ['netmachinery-admin-4', 'netmachinery-admin-3', 'netmachinery-admin-2'],
      newest: { token: 'abc' },
      left: undefined,
      hasAnnotation: false,
    });
  });

  it('is the newest record, wherever it stands', () => {
    const later = { ...record, token: 'later', startedAt: '2026-11-21T12:02:00Z' };
    const pod = podWith([{ record, state: 'running' }], { annotation: JSON.stringify(later) });
    expect(writtenShapes(pod)).toMatchObject({ newest: later, hasAnnotation: true });
    const copied = podWith([{ record, state: 'running' }], {
      annotation: JSON.stringify({ ...later, container: 'netmachinery-admin-7' }),
    });
    expect(writtenShapes(copied)?.newest).toEqual(record);
    expect(writtenShapes(podWith([], { annotation: 'junk' }))).toMatchObject({
      newest: undefined,
      hasAnnotation: true,
    });
  });
});

describe('a shape that was left', () => {
  it('is what a killed container had not cleared', () => {
    expect(writtenShapes(podWith([killed]))?.left).toEqual({ record, isGone: false });
    expect(writtenShapes(podWith([{ ...killed, message: '' }]))?.left).toBeUndefined();
    expect(writtenShapes(podWith([{ ...killed, message: 'OOM' }]))?.left).toBeUndefined();
  });

  it('is the newest of several', () => {
    const later = { ...record, token: 'later', startedAt: '2026-11-21T12:02:00Z' };
    const pod = podWith([{ ...killed, message: JSON.stringify(later) }, killed]);
    expect(writtenShapes(pod)?.left?.record.token).toBe('later');
  });

  it('is over where a later container says that it has cleared it', () => {
    const healer: SampleContainer = { state: 'terminated', message: healedMessage(['abc']) };
    expect(writtenShapes(podWith([killed, healer]))?.left).toBeUndefined();
    const other: SampleContainer = { state: 'terminated', message: healedMessage(['other']) };
    expect(writtenShapes(podWith([killed, other]))?.left).toBeDefined();
    for (const message of ['{"healed":7}', '{"healed":null}', 'null', '[]']) {
      expect(writtenShapes(podWith([killed, { ...other, message }]))?.left).toBeDefined();
    }
  });

  it('is gone with the network that it was in', () => {
    expect(writtenShapes(podWith([killed], { phase: 'Failed' }))?.left?.isGone).toBe(true);
    expect(writtenShapes(podWith([killed], { ips: ['198.18.1.9'] }))?.left?.isGone).toBe(true);
    expect(writtenShapes(podWith([killed], { readySince: '2026-11-21T12:01:00Z' }))?.left?.isGone).toBe(true);
    expect(writtenShapes(podWith([killed], { readySince: '2026-11-21T12:00:59Z' }))?.left?.isGone).toBe(false);
    expect(writtenShapes(podWith([killed], { ips: [] }))?.left?.isGone).toBe(false);
  });

  it('is known from the annotation where the node went down without a last word', () => {
    const silent: SampleContainer = { record, state: 'terminated' };
    const annotation = JSON.stringify(record);
    const restarted = podWith([silent], { annotation, ips: ['198.18.1.9'] });
    expect(writtenShapes(restarted)?.left).toEqual({ record, isGone: true });
    expect(writtenShapes(podWith([silent], { annotation }))?.left).toBeUndefined();
  });

  it('has no containers alive in a pod that has finished', () => {
    expect(writtenShapes(podWith([{ record, state: 'running' }], { phase: 'Succeeded' }))?.alive).toEqual([]);
  });
});
