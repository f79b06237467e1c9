// SPDX-License-Identifier: Apache-2.0
import type { Offer } from './answer.js';
import type { ListedKind } from './wanted.js';

/** A Table of meta.k8s.io/v1, as far as it is read; a List where the server makes no tables. */
export interface TableOrList {
  columnDefinitions?: { name: string }[];
  rows?: { cells: unknown[] }[];
  items?: { metadata?: { name?: string } }[];
}

type Cell = (column: string) => string;

const workload = (cell: Cell) => `${cell('Ready')} ready`;
const replicas = (cell: Cell) => `${cell('Ready')}/${cell('Desired')} ready`;

/** What of a row tells one object from another; the age stands behind it. */
const descriptions: Partial<Record<ListedKind, (cell: Cell) => string>> = {
  pod: (cell) => `${cell('Status')}, ${cell('Ready')} ready`,
  deployment: workload,
  statefulset: workload,
  daemonset: replicas,
  replicaset: replicas,
  job: (cell) => `${cell('Status')}, ${cell('Completions')}`.replace(/^, /, ''),
  cronjob: (cell) => cell('Schedule'),
  service: (cell) => `${cell('Type')} ${cell('Cluster-IP')} ${cell('Port(s)')}`,
  node: (cell) => `${cell('Status')}, ${cell('Roles')}, ${cell('Version')}`,
  namespace: (cell) => cell('Status'),
};

/** The names of a table with what its columns say of them. */
export function describedRows(kind: ListedKind, { columnDefinitions = [], rows, items = [] }: TableOrList): Offer[] {
  if (rows === undefined) return items.flatMap(({ metadata: { name } = {} }) => (name ? [{ word: name }] : []));
  const columns = new Map(columnDefinitions.map(({ name }, index) => [name, index]));
  return rows.flatMap(({ cells }) => {
    const cell: Cell = (column) => {
      const value = cells[columns.get(column) ?? -1];
      return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    };
    const name = cell('Name');
    const parts = [descriptions[kind]?.(cell) ?? '', cell('Age')];
    return name === '' ? [] : [{ word: name, description: parts.filter((part) => part !== '').join(', ') }];
  });
}
