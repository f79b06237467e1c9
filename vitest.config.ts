// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Remote scripts are imported as text, as the bundler does it. */
const scriptsAsText = {
  name: 'scripts-as-text',
  enforce: 'pre' as const,
  load(id: string) {
    return id.endsWith('.sh') ? `export default ${JSON.stringify(readFileSync(id, 'utf8'))};` : undefined;
  },
};

export default defineConfig({
  plugins: [scriptsAsText],
  test: {
    env: { TZ: 'UTC' },
    reporters: ['default', './test/closing-line-reporter.ts'],
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], sequence: { groupOrder: 0 } },
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
          // Real kernels and real clocks on two shared cores: in CI a test may fail once, and is then shown as retried.
          retry: process.env['CI'] === undefined ? 0 : 1,
        },
      },
    ],
  },
});
