// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';

export const options = { agentImage: 'example.test/agent:1', mesh: 'mesh', configMap: 'mesh', native: true };

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/);
const maybe = <T>(values: fc.Arbitrary<T>) => ({ requiredKeys: [] as never[], values });
const list = (more: number) =>
  fc.array(fc.record({ name, image: name, args: fc.array(fc.string(), { maxLength: 2 }) }), {
    minLength: more,
    maxLength: 3,
  });
const annotations = fc.oneof(fc.constant(null), fc.dictionary(name, fc.string(), { maxKeys: 2 }));
const metadata = fc.oneof(
  fc.constant(null),
  fc.record({ annotations, labels: fc.dictionary(name, name, { maxKeys: 2 }) }, maybe(annotations)),
);
const emptyOr = <T>(values: fc.Arbitrary<T>) => fc.oneof(fc.constant(null), values);

const template = fc.record(
  {
    metadata,
    spec: fc.record(
      {
        initContainers: emptyOr(list(0)),
        containers: list(1),
        volumes: emptyOr(fc.array(fc.record({ name, emptyDir: fc.constant({}) }), { maxLength: 2 })),
        dnsPolicy: fc.constant('Default'),
      },
      { requiredKeys: ['containers'] },
    ),
  },
  { requiredKeys: ['spec'] },
);

const head = (apiVersion: string, kind: string, spec: unknown) => ({ apiVersion, kind, metadata: { name: 'x' }, spec });

/** Workloads of all kinds whose templates have, lack, or leave empty what injection adds to. */
export const workloads = fc
  .tuple(template, fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Pod'))
  .map(([pod, kind]) => {
    if (kind === 'Pod') return { apiVersion: 'v1', kind, metadata: { name: 'x', ...pod.metadata }, spec: pod.spec };
    if (kind === 'CronJob') return head('batch/v1', kind, { jobTemplate: { spec: { template: pod } } });
    return head(kind === 'Job' ? 'batch/v1' : 'apps/v1', kind, { template: pod });
  })
  // fast-check's objects have no prototype; those that are read have one.
  .map((workload): unknown => JSON.parse(JSON.stringify(workload)));
