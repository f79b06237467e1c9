// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { ourContainer } from './our-container.js';
import { objectIn, objectsIn, podSpec, type JsonObject } from './pod-template.js';
import { deployedAnnotation, proberContainerName, proberVolumeName } from '../model/prober.js';
import { beforeAnnotation, proberPorts, type InjectionOptions } from './sidecar.js';

/** Throws `usage` where the prober cannot be added to a template that has none of ours (any more). */
export function refuseInjection(template: JsonObject, kind: string, name: string, options: InjectionOptions): void {
  const spec = podSpec(template, name);
  refuseForeign(template, spec, name);
  const system = objectIn(spec, 'os', name)['name'];
  if (system === 'windows' || objectIn(spec, 'nodeSelector', name)['kubernetes.io/os'] === 'windows') {
    throw new Failure('usage', `${name} is for Windows, which the prober does not run on`);
  }
  if (spec['hostNetwork'] === true) {
    throw new Failure('usage', `${name} uses the network of its node: two such pods would want the same port`, {
      hint: 'inject pods with a network of their own',
    });
  }
  const endsByItself =
    ['Job', 'CronJob'].includes(kind) || ['Never', 'OnFailure'].includes(String(spec['restartPolicy']));
  if (endsByItself && !options.native) {
    throw new Failure('usage', `${name} would never end: the prober goes on beside its containers`, {
      hint: 'native sidecars, which end with the others, need Kubernetes 1.29',
    });
  }
  refusePorts(spec, name, options);
}

function refuseForeign(template: JsonObject, spec: JsonObject, name: string): void {
  const hint = 'it may be of another operator; remove it first';
  const ours = ourContainer(template, name);
  const named = [...objectsIn(spec, 'containers', name), ...objectsIn(spec, 'initContainers', name)].filter(
    (container) => container['name'] === proberContainerName,
  );
  if (ours === undefined && named.length > 0) {
    throw new Failure('usage', `${name} has a container ${proberContainerName} that is not ours`, { hint });
  }
  if (objectsIn(spec, 'containers', name).length === 0) throw new Failure('usage', `${name} has no containers`);
  const volumes = objectsIn(spec, 'volumes', name);
  if (ours === undefined && volumes.some((volume) => volume['name'] === proberVolumeName)) {
    throw new Failure('usage', `${name} has a volume ${proberVolumeName} that is not ours`, { hint });
  }
  const annotations = objectIn(objectIn(template, 'metadata', name), 'annotations', name);
  for (const annotation of [deployedAnnotation, beforeAnnotation]) {
    if (ours === undefined && Object.hasOwn(annotations, annotation)) {
      throw new Failure('usage', `${name} has the annotation ${annotation}, but no prober of ours`, { hint });
    }
  }
}

function refusePorts(spec: JsonObject, name: string, options: InjectionOptions): void {
  const { ping, metrics } = proberPorts(options);
  // Those of one pod share a network, init containers that go on running among them.
  const containers = [...objectsIn(spec, 'containers', name), ...objectsIn(spec, 'initContainers', name)];
  for (const container of containers) {
    const taken = objectsIn(container, 'ports', name).find(
      ({ containerPort, protocol }) =>
        (containerPort === ping || containerPort === metrics) && (protocol ?? 'TCP') === 'TCP',
    );
    if (taken === undefined) continue;
    const words = `container ${String(container['name'])} of ${name} already has port ${String(taken['containerPort'])}`;
    throw new Failure('usage', words, {
      hint: 'give the prober other ports: --ping-port and --metrics-port, of a NetworkProber httpPort and httpPrometheusPort',
    });
  }
}
