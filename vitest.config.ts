// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig } from 'vitest/config';
import BalancedSequencer from './test/balanced-sequencer.js';

/** Remote scripts, those for shells, the style and script of the HTML report, and Kubernetes manifests are imported as text, as the bundler does it. */
const filesAsText = {
  name: 'files-as-text',
  enforce: 'pre' as const,
  /** Under a name of its own: Vite has ideas about style sheets. */
  resolveId(source: string, importer: string | undefined) {
    if (importer === undefined || !/\.(?:sh|css|browser\.js|yaml|bash|zsh|fish|ps1|cmd)$/.test(source))
      return undefined;
    return `\0${join(dirname(importer), source)}.text`;
  },
  load(id: string) {
    const file = /^\0(.+)\.text$/.exec(id)?.[1];
    return file === undefined ? undefined : `export default ${JSON.stringify(readFileSync(file, 'utf8'))};`;
  },
};

export default defineConfig({
  plugins: [filesAsText],
  test: {
    env: { TZ: 'UTC' },
    sequence: { sequencer: BalancedSequencer },
    reporters: ['default', './test/closing-line-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Properties take many samples, and two slow cores are shared by all files.
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
          // One for each of CI's cores: by itself Vitest leaves one of them free.
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/vitest-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'cluster',
          include: ['test/integration/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          globalSetup: ['test/cluster/vitest-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // After the unit tests, which measure times. These mostly wait, so more of them than cores run at once.
          sequence: { groupOrder: 1 },
          maxWorkers: 4,
          // Real kernels and real clocks on two shared cores: in CI a test may fail twice, and is then shown as retried.
          retry: process.env['CI'] === undefined ? 0 : 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'release',
          include: ['test/release/**/*.test.ts'],
          globalSetup: ['test/cluster/vitest-setup.ts', 'test/release/vitest-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
          maxWorkers: 4,
          retry: process.env['CI'] === undefined ? 0 : 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'node2',
          include: ['test/node2/**/*.test.ts'],
          globalSetup: ['test/cluster/vitest-setup.ts'],
          // The second kernel is a process of this machine: starting one of its own takes it a tenth of a second.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Beside those of node1, one file at a time.
          setupFiles: ['test/node2/turn.ts'],
          sequence: { groupOrder: 1 },
          maxWorkers: 4,
          retry: process.env['CI'] === undefined ? 0 : 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'disruptive',
          include: ['test/disruptive/**/*.test.ts'],
          globalSetup: ['test/cluster/vitest-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          // Last and one by one: these stop parts of the cluster that all others need.
          sequence: { groupOrder: 2 },
          fileParallelism: false,
          maxWorkers: 1,
        },
      },
    ],
  },
});
