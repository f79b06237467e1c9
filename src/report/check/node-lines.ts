// SPDX-License-Identifier: Apache-2.0
import type { AgentNetwork, AgentState, CheckAgent, CheckNode, CheckReport } from '../../model/check.js';
import type { Verdict } from '../../model/verdict.js';
import { ageText } from '../age.js';
import { columnLines, squeezeColumns, type Column } from '../columns.js';
import { plainText } from '../plain-text.js';
import { wrapWords } from '../text-width.js';
import { verdictPainter } from '../verdict-style.js';
import { briefCause } from './brief-cause.js';
import { leastWidth } from './node-names.js';
import { worstNodes } from './order.js';
import { skewText } from './words.js';

export interface SectionOptions {
  width: number;
  color: boolean;
  headers: boolean;
}

/** Where there are more nodes than these, only those are listed that are not well, and not all of them. */
const shownNodes = 12;
/** Of those. */
const shownUnwell = 30;

/** The verdict whose colour a state has. */
export const stateVerdict: Record<AgentState, Verdict> = { OK: 'pass', Outdated: 'inconclusive', Absent: 'fail' };

/** When the report was made, by the clock that its times are of. */
export function reportEnd({ startedAt, durationMs }: Pick<CheckReport, 'startedAt' | 'durationMs'>): Date {
  return new Date(Date.parse(startedAt) + durationMs);
}

/** How long ago an agent's last report came; `~` where the truth may be later. */
export function lastReportText({ lastReport, lags }: CheckAgent, now: Date): string {
  const age = ageText(lastReport, now);
  return age === '' ? '' : `${lags === true ? '~' : ''}${age}`;
}

/** What explains a node's state, each fact once. */
export function causeText({ condition, agents }: CheckNode): string {
  const causes = [condition ?? '', ...agents.map(({ cause = '' }) => cause)].map(plainText);
  return [...new Set(causes.filter((cause) => cause !== ''))].join('; ');
}

function worstSkew({ agents }: CheckNode): number | undefined {
  const skews = agents.flatMap(({ clockSkewMs }) => clockSkewMs ?? []);
  return skews.toSorted((one, other) => Math.abs(other) - Math.abs(one))[0];
}

/** The agent whose last report is the oldest. */
function oldest({ agents }: CheckNode): CheckAgent | undefined {
  return agents
    .filter(({ lastReport }) => lastReport !== undefined)
    .toSorted((one, other) => Date.parse(one.lastReport ?? '') - Date.parse(other.lastReport ?? ''))[0];
}

/** The nodes in a table: the states of their agents, why, and what was read there. */
export function nodeLines(report: CheckReport, { width, color, headers }: SectionOptions): string[] {
  const { nodes, mode } = report;
  const unwell = worstNodes(nodes).filter(({ state }) => state !== 'OK');
  const shown = nodes.length > shownNodes ? unwell.slice(0, shownUnwell) : worstNodes(nodes);
  const paint = verdictPainter(color);
  const now = reportEnd(report);
  const column = (header: string, value: (node: CheckNode) => string | undefined, more?: Partial<Column>): Column => ({
    header: [header],
    cells: shown.map((node) => plainText(value(node) ?? '') || '-'),
    ...more,
  });
  const stateColumn = (header: string, value: (node: CheckNode) => AgentState | undefined, more?: Partial<Column>) =>
    column(header, value, {
      paint: (text, row) => {
        const node = shown[row];
        const state = node === undefined ? undefined : value(node);
        return state === undefined ? text : paint(stateVerdict[state], text);
      },
      ...more,
    });
  const agentColumn = (network: AgentNetwork) =>
    stateColumn(
      `${network.toUpperCase()} AGENT`,
      ({ agents }) => agents.find((agent) => agent.network === network)?.state,
      { leaveOut: 2 },
    );
  const known = (columns: Column) => columns.cells.some((cell) => cell !== '-');
  // What is left by a state, a cause and what stands between them.
  const least = leastWidth(
    shown.map(({ name }) => plainText(name)),
    10,
    width - 44,
  );
  const columns = [
    column('NODE', ({ name }) => name, { shortenTo: { readily: Math.max(24, least), atMost: least } }),
    stateColumn('STATE', ({ state }) => state),
    ...[agentColumn('pod'), agentColumn('host')].filter(known),
    ...[
      column('CAUSE', (node) => briefCause(causeText(node)), { shortenTo: { readily: 30, atMost: 30 } }),
      column(
        'REPORTED',
        (node) => {
          const agent = mode === 'installed' ? oldest(node) : undefined;
          return agent === undefined ? undefined : lastReportText(agent, now);
        },
        { leaveOut: 3 },
      ),
      column(
        'CLOCK',
        (node) => {
          const skew = worstSkew(node);
          return skew === undefined ? undefined : skewText(skew);
        },
        { leaveOut: 4 },
      ),
      column('KERNEL', ({ agents }) => agents.find(({ kernel }) => kernel !== undefined)?.kernel, {
        shortenTo: { readily: 16, atMost: 10 },
        leaveOut: 5,
      }),
    ].filter(known),
  ];
  const well = nodes.length - unwell.length;
  const rest = unwell.length - shown.length;
  const more =
    nodes.length > shownNodes
      ? [
          ...(rest > 0 ? [`… and ${rest} more that are not OK`] : []),
          `${well} of ${nodes.length} nodes are OK: -o wide shows all of them`,
        ]
      : [];
  return [
    ...(shown.length === 0 ? [] : columnLines(squeezeColumns(columns, width), headers)),
    ...more.flatMap((line) => wrapWords(line.split(' '), width)),
  ];
}
