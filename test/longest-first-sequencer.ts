// SPDX-License-Identifier: Apache-2.0
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest; where no run has been timed before, the order would be that of their sizes. Those of node2,
 * which has one at a time (test/node2/turn.ts), stand apart by about as much as the other workers do meanwhile.
 */
const longest = [
  ...['kube/tool-container-script', 'prober/two-hundred', 'kube/leader-election'],
  ...['node2/shape-accuracy', 'e2e/soak', 'e2e/shape-node1', 'e2e/shape-review', 'kube/soak', 'shaping/keeper'],
  ...['e2e/shape.test', 'node2/effect', 'shaping/ownership', 'e2e/dns', 'e2e/shape-end', 'agents/controller'],
  ...['e2e/mesh', 'e2e/uninject', 'e2e/vanishing', 'node2/mesh', 'e2e/probe-pod', 'kube/tool-container'],
  ...['e2e/inject.test', 'e2e/report', 'e2e/many-sources', 'e2e/tool-containers-start', 'node2/readback'],
  ...['e2e/policies', 'e2e/expect', 'e2e/rbac', 'e2e/run.test', 'e2e/clean', 'agents/webhook', 'node2/pod-shaper'],
  ...['e2e/inject-enable', 'e2e/udp', 'e2e/connect-tcp', 'e2e/hostile', 'node2/examples', 'e2e/run-shaped'],
  ...['e2e/mtu', 'e2e/shape-clear', 'node2/tool-containers', 'e2e/unusual', 'e2e/http', 'e2e/trace'],
  ...['node2/probe-timeouts', 'node2/connect'],
];

/** Begins with what takes longest, so that no worker waits for another at the end. */
export default class LongestFirstSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((part) => moduleId.includes(`/${part}`));
      return at === -1 ? longest.length : at;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
