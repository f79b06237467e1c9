// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../src/errors/failure.js';
import type { Report } from '../../src/model/report.js';
import { createReady, kubectl } from '../e2e/kubectl.js';
import { filteredPod, serverPod } from '../e2e/manifests.js';
import type { Bench } from './bench.js';
import { interleave } from './comparison.js';
import { comparedRow } from './row.js';
import { plugin, timed } from './timed.js';

const rounds = 5;

/** 30 ports that never answer, three attempts each, against one such port and one attempt. */
export const silence: Bench = {
  name: 'silence',
  summary: 'connect to 30 silent ports, three attempts each, and to one of them once',
  measure: async ({ namespace: openNamespace, signal, progress }) => {
    const namespace = await openNamespace();
    const silent = filteredPod('silent', 'input', ['tcp dport 20001-20030 drop']);
    await createReady(namespace, serverPod('silence-client'), silent);
    const connect = async (ports: string, attempts: string, tests: number): Promise<number> => {
      const destination = `pod/silent:${ports}`;
      const words = ['connect', '-n', namespace, 'silence-client', destination, '--connect-timeout', '2s'];
      const argv = plugin('executable', [...words, '--attempts', attempts, '-o', 'json']);
      const { ms, stdout } = await timed(argv, { signal, anyExitCode: true });
      const { summary } = JSON.parse(stdout) as Report;
      if (summary.fail !== tests) throw new Failure('tool', `${summary.fail} of ${tests} tests timed out`);
      return ms;
    };
    const one = () => connect('20001', '1', 1);
    const ports = Array.from({ length: 30 }, (_, index) => String(20_001 + index)).join(',');
    const thirty = () => connect(ports, '3', 30);
    await one();
    progress(`silence: ${rounds} rounds`);
    const contenders = [
      { name: '1 port, 1 attempt', run: one },
      { name: '30 ports, 3 attempts', run: thirty },
    ];
    const costs = await interleave(contenders, rounds);
    await kubectl(['delete', 'pod', '-n', namespace, 'silent', 'silence-client', '--wait=false']);
    const budget = { overReference: 500 };
    return [comparedRow({ name: '30 silent ports', budget }, costs, '30 ports, 3 attempts', '1 port, 1 attempt')];
  },
};
