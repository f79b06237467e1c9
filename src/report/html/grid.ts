// SPDX-License-Identifier: Apache-2.0
import type { Result } from '../../model/report.js';
import { type Verdict, verdicts } from '../../model/verdict.js';
import { addressText, groupBy, isOneDestination, memberText, sourceKey, sourceLabels } from '../destination-label.js';
import { timeOf, type TimeFigure } from './times.js';

export interface GridCell {
  results: Result[];
  /** The worst of them. */
  verdict: Verdict;
  /** The longest of them in ms. */
  ms?: number;
}

interface GridColumn {
  key: string;
  /** Empty where the group says it all. */
  member: string;
}

/** Sources down, destinations across, of one probe. */
export interface Grid {
  title: string;
  /** What the user wrote, and the things behind it. */
  groups: { ref: string; columns: GridColumn[] }[];
  rows: { label: string; cells: Map<string, GridCell> }[];
}

/** The same for what sources have in common as a destination. A host name may resolve differently in each of them. */
function columnKey({ destination, dns, http }: Result): string {
  const { ref, kind, namespace, name, address, port, protocol } = destination;
  const place = kind === 'host' ? '' : address;
  return [ref, kind, namespace, name, place, port, protocol, dns?.type, dns?.name, http?.url].join('\n');
}

function columnGroups(results: readonly Result[]): Grid['groups'] {
  const destinations = groupBy(results, columnKey).flatMap((group) => group.slice(0, 1));
  return groupBy(destinations, ({ destination }) => destination.ref).map((group) => ({
    ref: group[0]?.destination.ref ?? '',
    columns: group.map((result) => {
      const { destination, dns } = result;
      if (dns !== undefined && !destination.ref.includes(dns.name)) {
        return { key: columnKey(result), member: `${dns.type} ${dns.name}` };
      }
      const byAddress = destination.kind === 'service' || isOneDestination(group);
      const member = byAddress ? addressText(destination) : memberText(destination);
      return { key: columnKey(result), member: group.length === 1 ? '' : member };
    }),
  }));
}

function cellOf(results: Result[], figure: TimeFigure): GridCell {
  const times = results.flatMap((result) => timeOf(result, figure) ?? []);
  return {
    results,
    verdict: verdicts.find((verdict) => results.some((result) => result.verdict === verdict)) ?? 'error',
    ...(times.length === 0 ? {} : { ms: Math.max(...times) }),
  };
}

/** A grid for each suite and probe that several sources made; one source's results are read from the list. */
export function gridsOf(results: readonly Result[], figure: TimeFigure): Grid[] {
  const labelOf = sourceLabels(results);
  return groupBy(results, ({ suite = '', probe }) => `${suite}\n${probe}`).flatMap((group) => {
    const rows = groupBy(group, ({ source }) => sourceKey(source)).map((ofSource) => ({
      label: ofSource[0] === undefined ? '' : labelOf(ofSource[0].source),
      cells: new Map(groupBy(ofSource, columnKey).map((same) => [columnKey(same[0] as Result), cellOf(same, figure)])),
    }));
    if (rows.length < 2) return [];
    const [{ suite, probe } = { probe: 'icmp' } as Result] = group;
    return [{ title: suite === undefined ? probe : `${suite}: ${probe}`, groups: columnGroups(group), rows }];
  });
}
