// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { explainService } from './explanations.js';
import type { Lookup } from './lookup.js';
import { nothingFound } from './missing.js';
import type { ObjectSource } from './refs.js';
import { shortType } from './resource-types.js';
import type { PodSpec, SourceRequest } from './source-candidates.js';

/** Why a source has no pods: a Failure `notFound`. */
export async function noPods({ lookup, namespace, fromNode }: SourceRequest, spec: PodSpec): Promise<Failure> {
  const { cluster, signal } = lookup;
  const unknownNode = await missingNode(lookup, fromNode);
  if (unknownNode !== undefined) return unknownNode;
  const onNode = fromNode === undefined ? '' : ` on node ${fromNode}`;
  if (spec.kind === 'pod') return new Failure('notFound', `pod ${namespace}/${spec.name} is not${onNode}`);
  if (spec.kind === 'node') {
    await lookup.object({ kind: 'node', namespace, name: spec.name });
    return new Failure('notFound', `no pod of namespace ${namespace} runs in the pod network of node ${spec.name}`, {
      hint: `choose another namespace with -n, or write NAMESPACE/node/${spec.name}`,
    });
  }
  if (spec.kind === 'selector') {
    const hint = `no pod${onNode} matches -l ${spec.selector}`;
    return nothingFound(cluster, namespace, hint, signal);
  }
  const type = shortType(spec.kind);
  return new Failure('notFound', `${type}/${spec.name} has no pods${onNode} in namespace ${namespace}`, {
    hint: `see: kubectl get ${type} ${spec.name} -n ${namespace}`,
  });
}

/** Why a Service is no source: a Failure `notFound`. */
export async function noReadyPods(
  { lookup, namespace, fromNode }: SourceRequest,
  { name }: ObjectSource,
): Promise<Failure> {
  const unknownNode = await missingNode(lookup, fromNode);
  if (unknownNode !== undefined) return unknownNode;
  const onNode = fromNode === undefined ? '' : ` on node ${fromNode}`;
  return new Failure('notFound', `service ${namespace}/${name} has no ready pods${onNode}`, {
    hint: await explainService(lookup.cluster, namespace, name, lookup.signal),
  });
}

/** The Failure for a node of `--from-node` that does not exist; who may not read nodes is not told. */
async function missingNode(lookup: Lookup, node: string | undefined): Promise<Failure | undefined> {
  if (node === undefined) return undefined;
  try {
    await lookup.object({ kind: 'node', namespace: '', name: node });
    return undefined;
  } catch (error) {
    return error instanceof Failure && error.code === 'notFound' ? error : undefined;
  }
}
