// SPDX-License-Identifier: Apache-2.0
import { Refused, json, type Answer } from './answer.js';
import type { Leading } from './leading.js';
import { keyOf } from './agent-book.js';

export type ReadPath = 'status' | 'nodes' | 'agents' | 'matrix' | 'history';

/** What GET gives: a part of the report of the cluster, or one agent with its last report. Throws Refused(404). */
export async function readPage(leading: Leading, page: ReadPath | { pod: string }): Promise<Answer> {
  const report = await leading.judge.report();
  switch (page) {
    case 'status':
      return json(report);
    case 'nodes':
      return json({ items: report.nodes });
    case 'matrix':
      return json({ items: report.matrix });
    case 'history':
      return json({ items: report.outages });
    case 'agents':
      return json({
        items: report.nodes.flatMap(({ name, agents }) => agents.map((agent) => ({ node: name, ...agent }))),
      });
  }
  const found = report.nodes
    .flatMap(({ name, agents }) => agents.map((agent) => ({ node: name, ...agent })))
    .find(({ pod }) => pod === page.pod);
  if (found === undefined) throw new Refused(404, 'there is no such agent');
  const entry = leading.book.entries.get(keyOf(found.node, found.network));
  const lastRound = entry?.rounds.newest();
  const outages = report.outages.filter(({ node, network }) => node === found.node && network === found.network);
  return json({ ...found, outages, ...(lastRound === undefined ? {} : { lastRound }) });
}
