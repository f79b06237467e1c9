// SPDX-License-Identifier: Apache-2.0
import type { Result, TraceHop } from '../model/report.js';
import { columnLines, squeezeColumns } from './columns.js';
import { addressText, memberText, sourceKey, sourceLabels } from './destination-label.js';
import { formatMs, formatPercent } from './figures.js';
import { plainText } from './plain-text.js';
import type { RenderOptions } from './render-options.js';
import { wrapWords } from './text-width.js';

/** As traceroute(8) writes a hop that nobody answered for. */
const nobody = '*';

function hopAddress({ address, host }: TraceHop): string {
  if (address === undefined) return nobody;
  return plainText(host === undefined ? address : `${host} (${address})`);
}

/** The hops in one line: `1 198.19.1.1 0.05 ms, 2 *`, with the loss where there was some. */
export function hopsText({ hops }: Result): string | undefined {
  return hops
    ?.map((hop) => {
      const words = [`${hop.hop}`, hopAddress(hop)];
      if (hop.rttMs !== undefined) words.push(`${formatMs(hop.rttMs.avg)} ms`);
      if (hop.address !== undefined && hop.lossPercent > 0) words.push(`(${formatPercent(hop.lossPercent)} loss)`);
      return words.join(' ');
    })
    .join(', ');
}

function hopTable(hops: readonly TraceHop[], { width, headers }: RenderOptions): string[] {
  const times = (figure: (rtt: NonNullable<TraceHop['rttMs']>) => number[]) =>
    hops.map(({ rttMs }) => (rttMs === undefined ? '' : figure(rttMs).map(formatMs).join('/')));
  const columns = [
    { header: ['HOP'], cells: hops.map(({ hop }) => `${hop}`.padStart(3)) },
    { header: ['ADDRESS'], cells: hops.map(hopAddress), shortenTo: { readily: 30, atMost: 15 } },
    {
      header: ['AVG/MIN/MAX MS'],
      cells: times(({ avg, min, max }) => [avg, min, max]),
      narrow: { header: ['AVG MS'], cells: times(({ avg }) => [avg]) },
    },
    { header: ['LOSS'], cells: hops.map(({ lossPercent }) => formatPercent(lossPercent)) },
  ];
  return columnLines(squeezeColumns(columns, width), headers);
}

/** Below the table: the hops of every trace under the names of its ends, a blank line before each. */
export function hopLines(results: readonly Result[], options: RenderOptions): string[] {
  const traces = results.filter(({ hops }) => hops !== undefined && hops.length > 0);
  const sources = new Set(results.map(({ source }) => sourceKey(source)));
  const labelOf = sourceLabels(results);
  return traces.flatMap(({ source, destination, hops = [] }) => {
    const from = sources.size > 1 ? `${labelOf(source)} → ` : '';
    const ref = plainText(destination.ref);
    const member = memberText(destination);
    const name = ref.includes(member) || destination.kind === 'ip' ? ref : `${ref} (${member})`;
    const address = addressText(destination);
    const where = address === '' || name.includes(address) ? '' : ` ${address}`;
    return ['', ...wrapWords(`${from}${name}${where}`.split(' '), options.width), ...hopTable(hops, options)];
  });
}
