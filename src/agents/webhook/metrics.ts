// SPDX-License-Identifier: Apache-2.0
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { outcomes, type Outcome } from './admit.js';

/** The metrics of one webhook. */
export class WebhookMetrics {
  private readonly registry = new Registry();
  private readonly registers = [this.registry];

  private readonly admissions = new Counter({
    name: 'netmachinery_webhook_admissions_total',
    help: `Pods that were asked about, by outcome: ${outcomes.join(', ')}`,
    labelNames: ['outcome'] as const,
    registers: this.registers,
  });
  private readonly duration = new Histogram({
    name: 'netmachinery_webhook_admission_duration_seconds',
    help: 'Time that an answer took, without that of the network',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    registers: this.registers,
  });
  private readonly expiry = new Gauge({
    name: 'netmachinery_webhook_certificate_expiry_timestamp_seconds',
    help: 'When the certificate that is served ends to be valid, in seconds since the epoch',
    registers: this.registers,
  });

  constructor() {
    // Rates need a series that begins with 0.
    for (const outcome of outcomes) this.admissions.inc({ outcome }, 0);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  admitted(outcome: Outcome, seconds: number): void {
    this.admissions.inc({ outcome });
    this.duration.observe(seconds);
  }

  serves(validToMs: number): void {
    this.expiry.set(validToMs / 1000);
  }
}
