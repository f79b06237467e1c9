// SPDX-License-Identifier: Apache-2.0

/** Runs something some time after it was asked for, once for all that ask meanwhile. Nothing runs after `stop`. */
export class Soon {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly run: () => void,
    private readonly delayMs: number,
  ) {}

  ask(): void {
    if (this.stopped || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.run();
    }, this.delayMs);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}
