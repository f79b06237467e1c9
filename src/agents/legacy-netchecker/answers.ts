// SPDX-License-Identifier: Apache-2.0
import { Registry, collectDefaultMetrics } from 'prom-client';
import { asFailure, Failure } from '../../errors/failure.js';
import { pause } from '../../kube/pause.js';
import { agentLabel, type AgentSpec } from './agent-spec.js';
import { agentText } from './agent-text.js';
import { connectivityText } from './connectivity.js';
import { decodeReport } from './decode-spec.js';
import { exposition } from './exposition.js';
import { goMap } from './go-json.js';
import { goTimeOf } from './go-time.js';
import { goError, sniffed, type Answer } from './plain-answers.js';
import { longestSpec } from './reports.js';
import type { Handler } from './routes.js';
import type { Term } from './term.js';

/** How long a report waits to be stored before it is answered nonetheless; agents wait one interval less a second. */
const storeMs = 5000;
/** How long a question waits until everything is read that was stored. */
const loadMs = 4000;
const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

/** What is answered while this replica leads. */
export class Answers {
  private readonly process = new Registry();

  constructor(private readonly log: (line: string) => void) {
    collectDefaultMetrics({ register: this.process });
  }

  /** Everything but a report. */
  async ask(term: Term, handler: Exclude<Handler, 'report'>, name: string): Promise<Answer> {
    if (handler === 'ping') return sniffed(200, '');
    if (!(await this.isLoaded(term))) return goError(500, 'the pods or reports of agents cannot be read yet');
    if (handler === 'metrics') {
      const text = `${exposition(term.series.byLabel)}${await this.process.metrics()}`;
      return { status: 200, headers: { 'content-type': metricsType }, text };
    }
    const { reports } = term;
    reports.purge();
    switch (handler) {
      case 'agent': {
        const spec = reports.text(name);
        return sniffed(200, spec === undefined ? '' : agentText(name, term.metadataOf(name), spec));
      }
      case 'agents':
        return sniffed(
          200,
          goMap(new Map(reports.texts()), (spec) => spec),
        );
      case 'check': {
        const found = reports.connectivity(performance.now());
        const isWell = found.absent.length + found.outdated.length === 0;
        return sniffed(isWell ? 200 : 400, connectivityText(found, reports.count));
      }
    }
  }

  /** A report. Where it cannot be stored this is only logged, as by the seed; but who leads no more has not taken it. */
  async report(term: Term, name: string, body: string): Promise<Answer> {
    let spec: AgentSpec;
    try {
      spec = { ...decodeReport(body), lastUpdated: goTimeOf(Date.now()) };
    } catch (thrown) {
      // The seed goes on with an empty report for a moment.
      term.series.touch(agentLabel({ nodename: '', podname: '' }));
      return goError(500, asFailure(thrown).message);
    }
    // Before it, every pod is a stranger.
    await this.isLoaded(term);
    const taken = term.reports.take(name, spec);
    if (taken === 'tooLong')
      this.log(`the report of ${JSON.stringify(name.slice(0, 253))} is longer than ${longestSpec} bytes`);
    if (taken !== 'store') return sniffed(200, '');
    try {
      await within(storeMs, term.store(name));
    } catch (thrown) {
      if (term.isEnded) return goError(503, 'this replica of the server does not lead any more');
      term.tell(`reports cannot be stored: ${asFailure(thrown).message}`);
    }
    return sniffed(200, '');
  }

  private async isLoaded(term: Term): Promise<boolean> {
    try {
      await within(loadMs, term.loaded);
      return true;
    } catch {
      return false;
    }
  }
}

/** What is awaited, or a Failure after a time. */
function within<T>(limitMs: number, awaited: Promise<T>): Promise<T> {
  const end = new AbortController();
  const late = pause(limitMs, end.signal).then(
    (): never => {
      throw new Failure('cluster', `no answer within ${limitMs / 1000} s`);
    },
    () => awaited,
  );
  return Promise.race([awaited, late]).finally(() => end.abort());
}
