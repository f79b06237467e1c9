// SPDX-License-Identifier: Apache-2.0

/** A pod as a ReplicaSet has it made. */
export function podOf(metadata: object = {}, spec: object = {}): object {
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { generateName: 'web-', creationTimestamp: null, labels: { app: 'web' }, ...metadata },
    spec: { containers: [{ name: 'main', image: 'web:1' }], restartPolicy: 'Always', ...spec },
    status: {},
  };
}

/** An AdmissionReview as the API server sends it, with other fields of the request. */
export function review(request: object): object {
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: 'u-1',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      requestKind: { group: '', version: 'v1', kind: 'Pod' },
      requestResource: { group: '', version: 'v1', resource: 'pods' },
      namespace: 'shop',
      operation: 'CREATE',
      userInfo: { username: 'system:serviceaccount:kube-system:replicaset-controller' },
      object: podOf(),
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
      ...request,
    },
  };
}
