// SPDX-License-Identifier: Apache-2.0
import type { Reporter, TestModule } from 'vitest/node';

/** Ends the output with one plain line that a machine can read: `N passed, N failed`, and what was skipped. */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      const before = count.failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== 'pending') count[state]++;
      }
      // A file that failed to load or to set up has no failed test of its own.
      if (module.state() === 'failed' && count.failed === before) count.failed++;
    }
    const skipped = count.skipped === 0 ? '' : `, ${count.skipped} skipped`;
    // The terminal's own summary comes from another reporter at the same event; this line has to be the last.
    process.once('exit', () => process.stdout.write(`${count.passed} passed, ${count.failed} failed${skipped}\n`));
  }
}
