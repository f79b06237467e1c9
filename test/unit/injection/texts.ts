// SPDX-License-Identifier: Apache-2.0

/** As people and tools write workloads. */
const handWritten = `# The shop's front.
apiVersion: apps/v1
kind: Deployment
metadata:
    name: web   # as the Service says
spec:
    replicas: 2
    selector: {matchLabels: {app: "web"}}
    template:
        metadata:
            labels:
                app: 'web'
            # why: see the wiki
            annotations:
                team: shop # ours
        spec:
            containers:
              # the server
              - name: web
                image: "nginx:1"
                args: ["-c", 'x']
                # - "--debug"
              # a sidecar was here
            # volumes: none yet
---
# Not a workload.
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  ports: [ {port: 80} ]
`;

const kubectlOutput = `apiVersion: v1
items:
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    annotations:
      deployment.kubernetes.io/revision: "1"
    creationTimestamp: "2026-11-22T00:00:00Z"
    name: web
    namespace: shop
  spec:
    template:
      metadata:
        creationTimestamp: null
        labels:
          app: web
      spec:
        containers:
        - image: nginx:1
          imagePullPolicy: IfNotPresent
          name: web
          ports:
          - containerPort: 80
            protocol: TCP
          resources: {}
          terminationMessagePath: /dev/termination-log
        dnsPolicy: ClusterFirst
        initContainers:
        - image: busybox
          name: first
        restartPolicy: Always
        volumes:
        - emptyDir: {}
          name: scratch
  status: {}
- apiVersion: v1
  kind: Pod
  metadata:
    name: one
  spec:
    containers:
    - image: nginx:1
      name: one
kind: List
metadata:
  resourceVersion: ""
`;

const helmLike = `---
# Source: shop/templates/job.yaml
apiVersion: batch/v1
kind: CronJob
metadata:
  name: night

  labels:
    app: night
spec:
  schedule: "0 3 * * *"

  jobTemplate:

    spec:
      template:
        metadata:

          annotations: {}

        spec:
          restartPolicy: Never

          initContainers: []
          volumes:   # none
          containers:

            - name: night
              image: busybox
              command:
                - sh
                - -c
                - |
                  echo one

                  echo two


---

---
apiVersion: batch.volcano.sh/v1alpha1
kind: Job
metadata:
  name: other
`;

const flow = `{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: d}, spec: {template: {metadata: { }, spec: {containers: [{name: d, image: x}], volumes: [ ]}}}}
`;

const json = `{
    "apiVersion": "apps/v1",
    "kind": "StatefulSet",
    "metadata": { "name": "db" },
    "spec": {
        "template": {
            "metadata": {
                "labels": {
                    "app": "db"
                }
            },
            "spec": {
                "containers": [
                    {
                        "name": "db",
                        "image": "postgres:16"
                    }
                ]
            }
        }
    }
}
`;

const anchors = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: &labels
    app: web
spec:
  selector:
    matchLabels: *labels
  template:
    metadata:
      annotations: ~
      labels: *labels
    spec:
      containers:
      - name: web
        env: &env
        - name: A
          value: b
      - name: other
        env: *env
`;

const bareTemplate = `apiVersion: batch/v1
kind: Job
metadata:
  name: bare
spec:
  template:
    spec:
      volumes: null # nothing
      containers:
      - name: bare
        image: x
        stdin:`;

export const texts: Readonly<Record<string, string>> = {
  'written by hand': handWritten,
  'of kubectl': kubectlOutput,
  'as of Helm': helmLike,
  'in flow style': flow,
  JSON: json,
  'with anchors': anchors,
  'without a newline at its end': bareTemplate,
  'with CRLF': handWritten.replaceAll('\n', '\r\n'),
  'with a byte order mark': `\uFEFF${kubectlOutput}`,
};
