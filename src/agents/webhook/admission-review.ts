// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import { isObject, type JsonObject } from '../../injection/pod-template.js';
import type { PatchOperation } from './json-patch.js';

/** What the API server asks. */
export interface AdmissionRequest {
  uid: string;
  /** Of the pod, which need not say it itself. */
  namespace: string;
  /** The pod that is to be created; undefined where something else is asked. */
  pod: JsonObject | undefined;
}

const apiVersion = 'admission.k8s.io/v1';
const kind = 'AdmissionReview';

/** More than this of one warning, and of all, the API server may leave out (API reference, AdmissionResponse). */
const longestWarning = 256;

/** Reads an AdmissionReview (admission.k8s.io/v1). Throws Failure(usage) that says what is wrong with it. */
export function readReview(text: string): AdmissionRequest {
  const review = parsed(text);
  if (!isObject(review) || review['kind'] !== kind || review['apiVersion'] !== apiVersion) {
    throw new Failure('usage', `the body must be an ${kind} of ${apiVersion}`);
  }
  const { request } = review;
  if (!isObject(request)) throw new Failure('usage', `the ${kind} has no request`);
  const { uid, operation, resource, subResource, namespace, object } = request;
  if (typeof uid !== 'string' || uid === '') throw new Failure('usage', 'the request has no uid');
  if (typeof operation !== 'string') throw new Failure('usage', 'the request has no operation');
  if (!isObject(resource)) throw new Failure('usage', 'the request has no resource');
  const isPod = resource['group'] === '' && resource['version'] === 'v1' && resource['resource'] === 'pods';
  const isWhole = subResource === undefined || subResource === '';
  const words = typeof namespace === 'string' ? namespace : '';
  if (operation !== 'CREATE' || !isPod || !isWhole) return { uid, namespace: words, pod: undefined };
  if (words === '') throw new Failure('usage', 'the request has no namespace');
  if (!isObject(object) || !isObject(object['metadata']) || !isObject(object['spec'])) {
    throw new Failure('usage', 'the object of the request is no pod');
  }
  return { uid, namespace: words, pod: { ...object, apiVersion: 'v1', kind: 'Pod' } };
}

/** The answer to a request. It always allows: whether a pod may be created is never ours to say. */
export function allowingReview(
  uid: string,
  { patch = [], warnings = [] }: { patch?: readonly PatchOperation[]; warnings?: readonly string[] },
): object {
  const patched = { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') };
  return {
    apiVersion,
    kind,
    response: {
      uid,
      allowed: true,
      ...(patch.length === 0 ? {} : patched),
      ...(warnings.length === 0 ? {} : { warnings: warnings.map(oneLine) }),
    },
  };
}

/** A warning travels in the head of an HTTP response. */
function oneLine(warning: string): string {
  const line = warning.replace(/\p{Cc}+/gu, ' ').trim();
  return line.length > longestWarning ? `${line.slice(0, longestWarning - 3)}...` : line;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('usage', 'the body is not JSON', { cause });
  }
}
