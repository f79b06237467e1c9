// SPDX-License-Identifier: Apache-2.0
import type { ProbeResult } from './agent-spec.js';
import type { AgentSeries } from './series.js';

interface Family {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  /** Samples of one label: further labels, and the value. */
  samples: (series: AgentSeries) => [labels: string, value: number][];
}

function probeFamily(name: string, help: string, value: (probe: ProbeResult) => number): Family {
  return {
    name: `ncagent_http_probe_${name}`,
    help,
    type: 'gauge',
    samples: ({ probes }) =>
      [...probes].sort(byBytes).map(([url, probe]) => [`,url="${labelValue(url)}"`, value(probe)]),
  };
}

const counter = 'counter' as const;
const only = (value: number): [string, number][] => [['', value]];

/** In the order of their names, as client_golang writes them. */
const families: readonly Family[] = [
  {
    name: 'ncagent_error_count_total',
    help: 'Report intervals in which a report of the agent was missing',
    type: counter,
    samples: ({ errors }) => only(errors),
  },
  probeFamily('code', 'HTTP status of the last answer, 0 without one', (probe) => probe.HTTPCode),
  probeFamily('connect_time_ms', 'Milliseconds from the DNS query to the connection', (probe) => probe.Connect),
  probeFamily('connection_result', '1 where a connection was made, else 0', (probe) => probe.ConnectionResult),
  probeFamily(
    'content_transfer_time_ms',
    'Milliseconds from the first to the last byte of the answer',
    (probe) => probe.ContentTransfer,
  ),
  probeFamily('dns_lookup_time_ms', 'Milliseconds that the DNS query took', (probe) => probe.DNSLookup),
  probeFamily(
    'server_processing_time_ms',
    'Milliseconds from the request to the first byte of the answer',
    (probe) => probe.ServerProcessing,
  ),
  probeFamily('tcp_connection_time_ms', 'Milliseconds that the TCP connection took', (probe) => probe.TCPConnection),
  probeFamily('total_time_ms', 'Milliseconds that the whole request took', (probe) => probe.Total),
  {
    name: 'ncagent_report_count_total',
    help: 'Reports received from the agent',
    type: counter,
    samples: ({ reports }) => only(reports),
  },
];

/** The text format of Prometheus, ordered as client_golang orders it. */
export function exposition(byLabel: ReadonlyMap<string, AgentSeries>): string {
  const agents = [...byLabel].sort(byBytes);
  return families
    .map(({ name, help, type, samples }) => {
      const lines = agents.flatMap(([agent, series]) =>
        samples(series).map(([labels, value]) => `${name}{agent="${labelValue(agent)}"${labels}} ${goFloat(value)}\n`),
      );
      return lines.length === 0 ? '' : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
    })
    .join('');
}

function byBytes([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function labelValue(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

/** An integer as Go's strconv.FormatFloat(value, 'g', -1, 64) writes it: with an exponent of at least two digits from a million on. */
function goFloat(value: number): string {
  if (Math.abs(value) < 1e6) return String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e+');
  return `${digits}e+${exponent.padStart(2, '0')}`;
}
