// SPDX-License-Identifier: Apache-2.0
import type { ControlResult, ProbeName, Result, ResultDestination, ResultSource } from '../model/report.js';
import type { Expectation } from '../model/verdict.js';
import type { Destination } from '../targets/destination.js';
import type { SourcePod } from '../targets/source-pod.js';
import type { Measurement } from './measurement.js';
import type { Test } from './plan.js';
import { judge } from './verdict.js';

/** Where packets left from, in the words of the report. */
export function resultSource(source: SourcePod, family: 4 | 6): ResultSource {
  const { namespace, name, node, addresses } = source;
  return { namespace, pod: name, node, ip: addresses[family] ?? addresses[source.primaryFamily] ?? '' };
}

/** What was tested, in the words of the report; `resolvedAddress` is what a host name stood for in the source pod. */
export function resultDestination(destination: Destination, resolvedAddress?: string): ResultDestination {
  const { ref, kind, namespace, name, port, protocol, node } = destination;
  return {
    ref,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    address: resolvedAddress ?? destination.address ?? '',
    ...(port === undefined ? {} : { port }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(node === undefined ? {} : { node }),
  };
}

/** The result of a test: what was measured, and what that means under the expectation. */
export function resultOf(
  test: Test,
  measurement: Measurement,
  options: {
    probe: ProbeName;
    expect: Expectation;
    maxLossPercent: number;
    control?: ControlResult | undefined;
    labels?: Record<string, string> | undefined;
  },
): Result {
  const { expect, control, labels } = options;
  const { facts = {} } = measurement;
  const judgement = judge(
    {
      reason: measurement.reason,
      message: measurement.message,
      answered: (facts.received ?? 0) > 0,
      lossPercent: facts.lossPercent,
    },
    expect,
    { maxLossPercent: options.maxLossPercent, control },
  );
  return {
    id: `r${test.index + 1}`,
    probe: options.probe,
    startedAt: measurement.startedAt.toISOString(),
    source: resultSource(test.source, test.destination.family),
    destination: resultDestination(test.destination, measurement.resolvedAddress),
    expect,
    ...judgement,
    attempts: measurement.attempts,
    ...(control === undefined ? {} : { control }),
    ...facts,
    ...(labels === undefined ? {} : { labels }),
  };
}
