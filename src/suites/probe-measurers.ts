// SPDX-License-Identifier: Apache-2.0
import { defaultConnectAttempts, defaultConnectTimeoutMs } from '../probes/tcp.js';
import { batchedMeasurer } from '../runs/batched-measurer.js';
import { connectMeasurer } from '../runs/connect.js';
import { dnsMeasurer, dnsOptionsOf } from '../runs/dns.js';
import { httpMeasurer, httpOptionsOf } from '../runs/http.js';
import { mtuMeasurer } from '../runs/mtu.js';
import { pingMeasurer } from '../runs/ping.js';
import { traceMeasurer } from '../runs/trace.js';
import type { Measurer } from '../runs/run-request.js';
import type { RunObserver } from '../runs/tool.js';
import type { SuiteTest } from './suite.js';

type ProbeOfTest = Pick<SuiteTest, 'probe' | 'families' | 'conditions' | 'namespace'>;

const defaultCount = 5;
const defaultIntervalMs = 200;

/** Where a condition of the test says which statuses are right, nothing else does. */
const anyStatus = '100-599';

function measurerOf({ probe, families, conditions, namespace }: ProbeOfTest, observer: RunObserver): Measurer {
  const judgesStatus = conditions.some(({ figure }) => figure === 'http.status');
  switch (probe.kind) {
    case 'ping':
      return pingMeasurer(
        {
          count: probe.count ?? defaultCount,
          intervalMs: probe.intervalMs ?? defaultIntervalMs,
          replyTimeoutMs: probe.timeoutMs ?? defaultConnectTimeoutMs,
          sizeBytes: probe.sizeBytes,
          dontFragment: probe.dontFragment,
          raw: probe.raw ?? false,
        },
        observer,
      );
    case 'connect':
      return connectMeasurer({
        protocol: probe.protocol ?? 'tcp',
        attempts: probe.attempts ?? defaultConnectAttempts,
        timeoutMs: probe.timeoutMs ?? defaultConnectTimeoutMs,
        tls: probe.tls ?? false,
        payload: probe.payload,
        proof: probe.proof,
      });
    case 'dns':
      // Each test's names are those of its plan, so that all tests with the same parameters are measured together.
      return dnsMeasurer({ ...dnsOptionsOf({ ...probe, names: undefined }), families, namespace });
    case 'http':
      return httpMeasurer({
        ...httpOptionsOf({
          ...probe,
          headers: Object.entries(probe.headers ?? {}),
          body: undefined,
          bodyText: probe.body,
          status: probe.status ?? (judgesStatus ? anyStatus : undefined),
        }),
        namespace,
      });
    case 'mtu':
      return mtuMeasurer(probe);
    case 'trace':
      return traceMeasurer(probe);
  }
}

/**
 * The measurers of a suite: tests with the same probe and parameters share one, so that they are measured together, in one
 * exec of each source.
 */
export class ProbeMeasurers {
  readonly #byParameters = new Map<string, Measurer>();

  constructor(readonly observer: RunObserver) {}

  /** Throws Failure `usage` for parameters that cannot be. */
  of(test: ProbeOfTest): Measurer {
    const { probe, families, conditions, namespace } = test;
    const parameters = Object.entries(probe)
      .filter(([name]) => name !== 'names')
      .sort(([one], [other]) => (one < other ? -1 : 1));
    const judgesStatus = conditions.some(({ figure }) => figure === 'http.status');
    // Their words are read, or completed, by the measurer.
    const place = probe.kind === 'dns' ? [families, namespace] : probe.kind === 'http' ? [namespace] : [];
    const key = JSON.stringify([parameters, place, judgesStatus]);
    const measurer = this.#byParameters.get(key) ?? batchedMeasurer(measurerOf(test, this.observer));
    this.#byParameters.set(key, measurer);
    return measurer;
  }
}
