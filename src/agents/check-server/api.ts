// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http';
import { asFailure } from '../../errors/failure.js';
import type { AgentIdentity } from '../../model/check.js';
import { pathOf } from '../http-listener.js';
import { json, notNow, Refused, type Answer } from './answer.js';
import type { Callers } from './callers.js';
import { forwardedHeader, type Forwarder } from './forward.js';
import type { Leading } from './leading.js';
import type { CheckServerMetrics } from './metrics.js';
import { openApi } from './openapi.js';
import { readReport, reportOf } from './read-report.js';
import { readPage, type ReadPath } from './read-pages.js';
import { readBody } from './request-body.js';
import { listOf, parsedObject } from './shape.js';
import type { World } from './world.js';

/** The longest report. */
const longestReport = 1024 * 1024;
/** The longest body of POST /api/v2/status: reports of many agents. */
export const longestControls = 16 * 1024 * 1024;
const mostControls = 2000;
const prefix = '/api/v2/';

export interface ApiOptions {
  world: World;
  callers: Callers;
  forwarder: Forwarder;
  metrics: CheckServerMetrics;
  /** Undefined while another replica leads, or nobody. */
  leading: () => Leading | undefined;
  /** `HOST:PORT` of the replica that leads, where it is another one. */
  leaderAddress: () => string | undefined;
}

/** The API of the server: who calls, what for, and who answers. */
export class CheckApi {
  constructor(private readonly options: ApiOptions) {}

  /** Throws Refused. */
  async handle(request: IncomingMessage): Promise<Answer> {
    const startedMs = performance.now();
    const path = pathOf(request.url);
    if (path === `${prefix}openapi.json`) {
      allow(request, ['GET']);
      return json(openApi);
    }
    const pod = /^\/api\/v2\/agents\/([a-z0-9.-]{1,253})$/.exec(path)?.[1];
    if (pod !== undefined) allow(request, ['GET', 'POST']);
    if (pod !== undefined && request.method === 'POST') {
      try {
        return await this.report(request, path, pod);
      } finally {
        this.options.metrics.handled((performance.now() - startedMs) / 1000);
      }
    }
    return this.read(request, path, pod);
  }

  /** What `check-status` gets: a report of the whole cluster with what silent agents have told. */
  async status(body: string, token: () => Promise<string>): Promise<Answer> {
    const leading = this.options.leading();
    if (leading === undefined) {
      const path = `${prefix}status`;
      return this.forward({ method: 'POST', path, token: await token(), body });
    }
    if (!leading.isReady) throw notNow('what is known of agents is still being read');
    const controls = wellFormed(() => {
      const { reports = [] } = parsedObject(body, 'the body');
      return listOf(reports, 'reports', mostControls, (each) => reportOf(each, 'a report'));
    });
    return json(await leading.judge.reportWith(controls));
  }

  private async report(request: IncomingMessage, path: string, pod: string): Promise<Answer> {
    const token = bearer(request);
    const caller = await asked(this.options.callers.agent(token));
    if (caller === 'unknown') throw unauthorized();
    if (caller === 'other' || caller.pod !== pod) throw new Refused(403, 'the token is not that of this agent');
    const body = await readBody(request, longestReport);
    const leading = this.options.leading();
    if (leading === undefined) return this.forward({ method: 'POST', path, token, body }, request);
    if (!leading.isReady) throw notNow('what is known of agents is still being read');
    const agent = this.options.world.agent(caller.namespace, pod);
    if (agent === undefined) throw new Refused(404, 'there is no such agent, or its node is gone');
    return this.take(leading, agent, body);
  }

  private async take(leading: Leading, agent: AgentIdentity, body: string): Promise<Answer> {
    const report = wellFormed(() => readReport(body));
    const { node, network, namespace, pod } = report.agent;
    if (node !== agent.node || network !== agent.network || namespace !== agent.namespace || pod !== agent.pod) {
      throw new Refused(403, 'the report is not of this agent');
    }
    try {
      await leading.book.take(agent, report, body);
    } catch (thrown) {
      throw notNow(`what the report changes could not be written: ${asFailure(thrown).message}`);
    }
    this.options.metrics.reported(report);
    return { status: 200, body: leading.orders.of(agent) };
  }

  private async read(request: IncomingMessage, path: string, pod: string | undefined): Promise<Answer> {
    const page = readPathOf(path);
    if (page === undefined && pod === undefined) throw new Refused(404, 'not found');
    const method = page === 'status' && request.method === 'POST' ? 'POST' : 'GET';
    if (method === 'GET') allow(request, page === 'status' ? ['GET', 'POST'] : ['GET']);
    const token = bearer(request);
    const verdict = await asked(this.options.callers.reader(token));
    if (verdict === 'unknown') throw unauthorized();
    if (verdict === 'denied')
      throw new Refused(403, 'the user may not get checkagents.netmachinery.io in the namespace of the check');
    const body = method === 'POST' ? await readBody(request, longestControls) : '';
    const leading = this.options.leading();
    if (leading === undefined) return this.forward({ method, path, token, body }, request);
    if (method === 'POST') return this.status(body, () => Promise.resolve(token));
    if (!leading.isReady) throw notNow('what is known of agents is still being read');
    return readPage(leading, page ?? { pod: pod ?? '' });
  }

  private forward(
    what: { method: string; path: string; token: string; body: string },
    request?: IncomingMessage,
  ): Promise<Answer> {
    const address = this.options.leaderAddress();
    if (address === undefined || request?.headers[forwardedHeader] !== undefined) {
      throw notNow('no replica leads yet');
    }
    return this.options.forwarder.send(address, what);
  }
}

const readPaths = ['status', 'nodes', 'agents', 'matrix', 'history'] as const satisfies readonly ReadPath[];

function readPathOf(path: string): (typeof readPaths)[number] | undefined {
  return readPaths.find((each) => path === prefix + each);
}

function allow({ method = '' }: IncomingMessage, methods: readonly string[]): void {
  if (!methods.includes(method)) throw new Refused(405, 'the method is not allowed', { allow: methods.join(', ') });
}

function unauthorized(): Refused {
  return new Refused(401, 'a valid bearer token is needed', { 'www-authenticate': 'Bearer' });
}

/** The token of a request. No token is longer than a head. */
function bearer({ headers }: IncomingMessage): string {
  const token = /^Bearer +([\w.~+/=-]+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) throw unauthorized();
  return token;
}

/** What the API server says; where it cannot be asked, nobody is refused for good. */
async function asked<T>(verdict: Promise<T>): Promise<T> {
  try {
    return await verdict;
  } catch {
    throw notNow('the API server cannot be asked about the token');
  }
}

function wellFormed<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw new Refused(400, asFailure(thrown).message);
  }
}
