// SPDX-License-Identifier: Apache-2.0
import type { Container, Pod, Service } from '../kube/objects.js';
import { environmentValue } from '../kube/tool-container-spec.js';
import { defaultMesh, meshVariable, neighboursVariable } from '../model/prober.js';
import type { Offer } from './answer.js';

type PodSpec = Partial<Pod['spec']>;

/** A pod, or what makes pods: `spec.template.spec`, in a CronJob below `jobTemplate`. */
interface WithContainers {
  spec?: PodSpec & {
    template?: { spec?: PodSpec };
    jobTemplate?: { spec?: { template?: { spec?: PodSpec } } };
  };
}

function podSpecOf({ spec }: WithContainers): PodSpec {
  return spec?.jobTemplate?.spec?.template?.spec ?? spec?.template?.spec ?? spec ?? {};
}

function allContainers(spec: PodSpec): Container[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec.containers ?? []), ...sidecars, ...(spec.ephemeralContainers ?? [])];
}

/** The containers of a pod or a workload with their images. */
export function containerOffers(object: unknown): Offer[] {
  return allContainers(podSpecOf(object as WithContainers)).map(({ name, image = '' }) => ({
    word: name,
    description: image,
  }));
}

interface NamedPort {
  name?: string;
  number: number;
  protocol: string;
}

function portsOf(object: unknown): NamedPort[] {
  const { ports } = (object as Partial<Service>).spec ?? {};
  const listed = ports?.map(({ port, ...rest }) => ({ ...rest, number: port }));
  const declared = () =>
    allContainers(podSpecOf(object as WithContainers)).flatMap((container) =>
      (container.ports ?? []).map(({ containerPort, ...rest }) => ({ ...rest, number: containerPort })),
    );
  return (listed ?? declared()).map(({ protocol = 'TCP', ...rest }) => ({ ...rest, protocol }));
}

/** The ports of a Service, or those that containers declare: numbers with their names, or the other way round. */
export function portOffers(object: unknown, named: boolean): Offer[] {
  return portsOf(object).flatMap(({ name, number, protocol }) => {
    if (named) return name === undefined ? [] : [{ word: name, description: `${number}/${protocol}` }];
    return [{ word: String(number), description: name === undefined ? protocol : `${name}, ${protocol}` }];
  });
}

/** The meshes that the probers of pods are in, each once. */
export function meshOffers(list: unknown): Offer[] {
  const { items = [] } = list as { items?: Pod[] };
  const meshes = items.flatMap(({ spec }) =>
    [...allContainers(spec), ...(spec.initContainers ?? [])]
      .filter((container) => environmentValue(container, neighboursVariable) !== undefined)
      .map((container) => environmentValue(container, meshVariable) ?? defaultMesh),
  );
  return [...new Set(meshes)].map((word) => ({ word }));
}
