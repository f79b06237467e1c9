// SPDX-License-Identifier: Apache-2.0
import type { Result, ResultDestination, ResultSource } from '../model/report.js';
import { plainText } from './plain-text.js';

/** Address and port as a URL writes them; TCP goes without saying. Empty where there is no address. */
export function addressText({ address, port, protocol }: ResultDestination): string {
  if (address === '') return '';
  if (port === undefined) return plainText(address);
  const host = address.includes(':') ? `[${address}]` : address;
  return plainText(`${host}:${port}${protocol === 'udp' ? '/udp' : ''}`);
}

/** What stands for one of several things behind the same reference: its name, else its address. */
export function memberText(destination: ResultDestination): string {
  return plainText(destination.name ?? '') || addressText(destination) || destination.kind;
}

/** The same for two results of the same pod. */
export function sourceKey({ namespace, pod }: ResultSource): string {
  return `${namespace}/${pod}`;
}

/** Whether all sources are in one namespace, so that it need not be said. */
export function sourceLabels(results: readonly Result[]): (source: ResultSource) => string {
  const oneNamespace = new Set(results.map(({ source }) => source.namespace)).size <= 1;
  return (source) => plainText(oneNamespace ? source.pod : sourceKey(source));
}

/** Results in groups of the same key, in the order of each group's first. */
export function groupBy(results: readonly Result[], keyOf: (result: Result) => string): Result[][] {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const key = keyOf(result);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [result]);
    else group.push(result);
  }
  return [...groups.values()];
}

/** Whether the results of one reference speak of one thing (of two address families or ports, perhaps). */
export function isOneDestination(group: readonly Result[]): boolean {
  return (
    new Set(group.map(({ destination: { kind, namespace, name } }) => [kind, namespace, name].join('\n'))).size <= 1
  );
}

/** One line of a list: a result, or only the reference that the lines below it stand for. */
export interface DestinationLine {
  label: string;
  result?: Result;
}

/**
 * What one source found, grouped by what the user wrote: a Service's virtual address bears the reference and its
 * endpoints stand indented below it; the pods of a workload stand below a line of its name.
 */
export function destinationLines(results: readonly Result[]): DestinationLine[] {
  return groupBy(results, ({ destination }) => destination.ref).flatMap((group): DestinationLine[] => {
    const ref = plainText(group[0]?.destination.ref ?? '');
    if (isOneDestination(group)) return group.map((result) => ({ label: ref, result }));
    const virtual = group.filter(({ destination }) => destination.kind === 'service');
    const members = group.filter(({ destination }) => destination.kind !== 'service');
    return [
      ...(virtual.length === 0 ? [{ label: ref }] : virtual.map((result) => ({ label: ref, result }))),
      ...members.map((result) => ({ label: `  ${memberText(result.destination)}`, result })),
    ];
  });
}
