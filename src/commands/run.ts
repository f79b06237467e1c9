// SPDX-License-Identifier: Apache-2.0
import { Command, Flags } from '@oclif/core';
import { durationFlag } from './flags/duration.js';
import { kubernetesFlags } from './flags/kubernetes.js';
import { expectationFlags, outputFlags, toolFlags } from './flags/run.js';
import { settingFlag } from './flags/setting-flag.js';
import { suiteFileFlags, suiteTestFlags } from './flags/suite.js';
import { positionalWords } from './positional-words.js';

const helpGroup = 'RUN';

export default class Run extends Command {
  static override summary = 'Make the tests of files, and say which did not hold';
  static override description = `Files say what must and must not be reachable: NetworkTest (docs/suites.md), NetworkConnectivityTest and
NetworkDelayTest of networkmachinery, netassert v2 and nethax. Tests of one source and probe share one exec.`;
  static override usage = ['run -f FILE'];
  static override strict = false;
  static override examples = [
    {
      description: 'All tests of a folder, and a report for CI',
      command: '<%= config.bin %> run -f tests/ --junit-file report.xml',
    },
    {
      description: 'Those with a tag, three times, until one does not pass',
      command: '<%= config.bin %> run -f tests/ --include smoke --repeat 3 --fail-fast',
    },
    {
      description: 'Every half minute; what changes is printed',
      command: '<%= config.bin %> run -f policies.yaml --watch --frequency 30s',
    },
  ];
  static override flags = {
    ...suiteFileFlags,
    ...suiteTestFlags,
    'fail-fast': Flags.boolean({
      helpGroup,
      summary: 'Make one test after another, and none after the first that does not pass',
    }),
    retries: Flags.integer({
      helpGroup,
      helpValue: 'N',
      min: 0,
      max: 100,
      summary: 'More tries of tests that do not pass, whatever the files say',
    }),
    repeat: Flags.integer({
      helpGroup,
      helpValue: 'N',
      min: 1,
      max: 10_000,
      default: 1,
      summary: 'How often all tests are made',
    }),
    watch: Flags.boolean({ char: 'w', helpGroup, summary: 'Repeat until stopped, and print what changes' }),
    frequency: durationFlag({
      flag: 'frequency',
      helpGroup,
      helpValue: 'DURATION',
      minMs: 1000,
      summary: "Period of --watch; without it the file's own, else 30s",
    }),
    mode: Flags.string({
      helpGroup,
      helpValue: 'one|all|random|N|N%',
      summary: 'How many pods of each source send, whatever the files say',
    }),
    'max-pods': settingFlag('maxPods', {
      helpGroup,
      summary: 'Refuse to send from, or enter, more pods than this',
      command: 'run',
    }),
    timeout: durationFlag({
      flag: 'timeout',
      helpGroup,
      helpValue: 'DURATION',
      default: 600_000,
      defaultHelp: () => Promise.resolve('10m'),
      minMs: 1,
      summary: 'Limit of the whole run',
    }),
    concurrency: expectationFlags.concurrency,
    'no-exec': toolFlags['no-exec'],
    'probe-pod': toolFlags['probe-pod'],
    image: toolFlags.image,
    'image-pull-policy': toolFlags['image-pull-policy'],
    'tool-timeout': toolFlags['tool-timeout'],
    idle: toolFlags.idle,
    reason: toolFlags.reason,
    ...outputFlags,
    ...kubernetesFlags,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Run);
    const { runCommand } = await import('./run-command.js');
    await runCommand(positionalWords(raw), flags);
  }
}
