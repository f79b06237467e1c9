// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { Pod } from '../kube/objects.js';
import type { Reason } from '../model/reason.js';
import type { ProbeName } from '../model/report.js';
import type { Measurement } from './measurement.js';
import type { Test } from './plan.js';
import type { Measurer, RunRequest } from './run-request.js';
import { resultOf } from './result.js';
import { reached } from './verdict.js';

type Judging = Pick<RunRequest, 'expect' | 'maxLossPercent' | 'refine'>;

/** A pod as it was when the run began. */
interface PodIdentity {
  namespace: string;
  name: string;
  uid?: string | undefined;
  address?: string | undefined;
}

/** Whether the pod is gone, going, or another one of the same name; what cannot be read counts as still there. */
async function hasVanished(cluster: Cluster, { namespace, name, uid, address }: PodIdentity): Promise<boolean> {
  try {
    const pod = await cluster.get<Pod>(`/api/v1/namespaces/${namespace}/pods/${name}`);
    const ips = pod.status?.podIPs?.map(({ ip }) => ip) ?? [];
    return (
      pod.metadata.deletionTimestamp !== undefined ||
      (uid !== undefined && pod.metadata.uid !== uid) ||
      (address !== undefined && !ips.includes(address))
    );
  } catch (thrown) {
    return thrown instanceof Failure && thrown.code === 'notFound';
  }
}

/**
 * Whether the verdict stands whatever became of the pods: what was to be denied was reached, or all that was expected
 * arrived before they went.
 */
function isSettled(test: Test, measurement: Measurement, request: Judging, probe: ProbeName): boolean {
  const { expect, maxLossPercent, refine } = request;
  if (expect === 'deny') return reached(measurement.reason);
  const result = resultOf(test, measurement, { probe, expect, maxLossPercent });
  return (refine?.(result) ?? result).verdict === 'pass';
}

/**
 * Replaces the measurements of failed tests whose source or destination pod went away during the run: they say nothing
 * about the network. Asks the API once a pod, and only about pods of failed tests.
 */
export async function markVanished(
  cluster: Cluster,
  tests: readonly Test[],
  measurements: Map<number, Measurement>,
  request: Judging,
  { probeOf }: Pick<Measurer, 'probeOf'>,
): Promise<void> {
  const asked = new Map<string, Promise<boolean>>();
  const ask = (pod: PodIdentity): Promise<boolean> => {
    const key = JSON.stringify(pod);
    const answer = asked.get(key) ?? hasVanished(cluster, pod);
    asked.set(key, answer);
    return answer;
  };
  const mark = (test: Test, measurement: Measurement, reason: Reason, who: string) =>
    measurements.set(test.index, {
      ...measurement,
      reason,
      message: `${who} went away during the test`,
      hint: undefined,
    });
  await Promise.all(
    tests.map(async (test) => {
      const measurement = measurements.get(test.index);
      if (measurement === undefined || isSettled(test, measurement, request, probeOf(test))) return;
      const { source, destination } = test;
      const { namespace, name, pod } = source;
      // What was going already when the run began was refused for that, and did not vanish during the test.
      const wasThere = pod.metadata.deletionTimestamp === undefined;
      if (wasThere && (await ask({ namespace, name, uid: pod.metadata.uid }))) {
        mark(test, measurement, 'SourceVanished', `the source ${namespace}/${name}`);
      } else if (destination.pod !== undefined && destination.address !== undefined) {
        const there = `${destination.pod.namespace}/${destination.pod.name}`;
        if (await ask({ ...destination.pod, address: destination.address })) {
          mark(test, measurement, 'DestinationVanished', `the destination ${there}`);
        }
      }
    }),
  );
}
