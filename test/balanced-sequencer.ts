// SPDX-License-Identifier: Apache-2.0
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds that the files of CI took that take longest there; how they compare is what matters. */
const measuredSeconds: Readonly<Record<string, number>> = {
  'node2/mesh': 250,
  'node2/shape-accuracy': 343,
  'node2/effect-measurement': 294,
  'e2e/soak': 207,
  'node2/readback': 129,
  'e2e/shape-review': 126,
  'node2/check-install': 90,
  'node2/pod-shaper': 102,
  'e2e/shape-node1': 98,
  'e2e/check': 96,
  'e2e/many-sources': 84,
  'e2e/shape': 79,
  'e2e/vanishing': 78,
  'shaping/keeper': 76,
  'e2e/clean': 76,
  'e2e/rbac': 74,
  'e2e/shape-end': 72,
  'kube/tool-container': 71,
  'node2/examples': 69,
  'e2e/run': 68,
  'e2e/uninject': 67,
  'e2e/tool-containers-start': 62,
  'e2e/report': 60,
  'node2/tool-containers': 60,
  'e2e/targets': 56,
  'shaping/ownership': 55,
  'e2e/inject': 54,
  'e2e/probe-pod': 53,
  'agents/legacy-netchecker': 52,
  'e2e/mesh': 50,
  'kube/soak': 49,
  'node2/probe-timeouts': 49,
  'e2e/completion-shells': 49,
  'e2e/tool-container-bounds': 45,
  'e2e/expect': 45,
  'e2e/config': 44,
  'e2e/inject-enable': 43,
  'e2e/policies': 41,
  'e2e/rbac-inject': 41,
  'node2/connect': 39,
  'kube/tool-container-script': 39,
  'agents/check-server': 38,
  'e2e/environment': 34,
  'e2e/dns': 34,
  'e2e/inject-ephemeral': 33,
  'agents/webhook': 33,
  'e2e/shape-list': 33,
  'agents/controller': 33,
  'e2e/ping-failures': 32,
  'e2e/tool-containers': 31,
  'e2e/usage': 30,
  'e2e/connect-service': 30,
  'e2e/shape-clear': 30,
  'kube/whole-run': 30,
  'e2e/bad-worlds': 30,
  'e2e/udp': 28,
  'e2e/vanishing-user': 28,
  'agents/check-agent': 27,
  'kube/exec-when-ready': 27,
  'e2e/output': 27,
  'shaping/manifests': 27,
  'e2e/ping': 26,
  'kube/exec': 26,
  'e2e/trace': 26,
  'e2e/preflight': 26,
  'prober/two-hundred': 25,
  'e2e/ping-sources': 25,
  'e2e/no-exec': 25,
  'e2e/run-shaped': 25,
  'e2e/mtu': 25,
  'e2e/interruption-stages': 25,
  'e2e/examples': 25,
  'e2e/terminal': 24,
  'e2e/bad-worlds-tools': 24,
  'e2e/tool-container-ends': 23,
  'e2e/bad-input': 23,
  'e2e/interruption': 22,
  'e2e/pod-security': 22,
  'e2e/connect-tcp': 20,
  'e2e/watch': 20,
  'e2e/tls': 20,
  'e2e/ping-options': 20,
};
const otherSeconds = 8;
/** As in vitest.config.ts. */
const workers = 4;
/** A file of node2 that came before its turn would keep a worker waiting. */
const margin = 1.05;

/**
 * Begins with what takes longest, so that no worker waits for another at the end. Files of node2, which has one at a time
 * (test/node2/turn.ts), stand where about as much time will have passed as those before them take.
 */
export default class BalancedSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const timed = (await super.sort(files))
      .map((file) => ({ file, seconds: secondsOf(file) }))
      .sort((one, other) => other.seconds - one.seconds);
    const freeAt = { node2: [0], others: Array.from({ length: workers - 1 }, () => 0) };
    const starts = timed.map(({ file, seconds }) => {
      const isOfNode2 = file.project.name === 'node2';
      const lanes = isOfNode2 ? freeAt.node2 : freeAt.others;
      const startsAt = Math.min(...lanes);
      lanes[lanes.indexOf(startsAt)] = startsAt + seconds * (isOfNode2 ? margin : 1);
      return { file, startsAt };
    });
    return starts.sort((one, other) => one.startsAt - other.startsAt).map(({ file }) => file);
  }
}

function secondsOf({ moduleId }: TestSpecification): number {
  return Object.entries(measuredSeconds).find(([part]) => moduleId.endsWith(`/${part}.test.ts`))?.[1] ?? otherSeconds;
}
