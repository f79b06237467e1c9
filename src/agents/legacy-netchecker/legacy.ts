// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cluster } from '../../kube/cluster.js';
import { listenHttp, pathOf } from '../http-listener.js';
import { AgentPods } from './agent-pods.js';
import { Answers } from './answers.js';
import { forward } from './forward.js';
import { answerOf, goError, sniffed, type Answer } from './plain-answers.js';
import { BodyReader, longestBody } from './read-body.js';
import { routeOf } from './routes.js';
import { send } from './send.js';
import { Term } from './term.js';

/** How often it is looked whether this replica leads, when nobody asks anything. */
const lookMs = 250;
const graceMs = 2000;

interface LegacyOptions {
  cluster: Cluster;
  /** Of all replicas; 0 is a free one. */
  port: number;
  /** All addresses where absent. */
  host?: string;
  /** Takes one line for the log of the container. */
  log: (line: string) => void;
  /** Whether this replica leads, and where the one is that does. */
  leader: () => { isOurs: boolean; address: string | undefined };
}

export interface RunningLegacy {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Serves netchecker's API, unauthenticated plain HTTP, for its agents and for scripts that know it. The replica that leads
 * answers, the others forward. Throws Failure(cluster) when the port cannot be had.
 */
export async function startLegacy(options: LegacyOptions): Promise<RunningLegacy> {
  const { cluster, host, log, leader } = options;
  const end = new AbortController();
  const pods = new AgentPods(cluster, log);
  const bodies = new BodyReader();
  const answers = new Answers(log);
  let term: Term | undefined;

  const currentTerm = (): Term | undefined => {
    const { isOurs } = leader();
    if (isOurs && !end.signal.aborted) term ??= new Term({ cluster, pods, log });
    else {
      term?.stop();
      term = undefined;
    }
    return term;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<Answer | undefined> => {
    const { method = '', url = '' } = request;
    const path = decodedPath(url);
    if (path === undefined) return goError(400, 'the path has a wrong escape');
    const route = routeOf(method, path);
    if (route.kind !== 'handler') return answerOf(method, route, queryOf(url));
    // Whoever answers it shows that the way here is open.
    if (route.handler === 'ping') return sniffed(200, '');
    const current = currentTerm();
    if (current === undefined) {
      forward(request, response, { address: leader().address, port: listener.port });
      return undefined;
    }
    if (route.handler !== 'report') return answers.ask(current, route.handler, route.name);
    const body = await bodies.read(request);
    if (body === 'tooLong') return goError(413, `a report has at most ${longestBody} bytes`, { connection: 'close' });
    if (body === 'busy') return goError(503, 'too many reports at once', { connection: 'close' });
    return answers.report(current, route.name, body.text);
  };

  const listener = await listenHttp(options.port, host, (request, response) => {
    answer(request, response).then(
      (found) => {
        if (found === undefined) return;
        request.resume();
        send(response, found);
      },
      // A connection that ends in the middle of a body has nobody to answer.
      () => response.destroy(),
    );
  });
  const following = pods.run(end.signal);
  const looking = setInterval(currentTerm, lookMs);
  currentTerm();
  return {
    port: listener.port,
    stop: async () => {
      // Reports that were taken are stored first.
      await listener.close(graceMs);
      clearInterval(looking);
      end.abort();
      currentTerm();
      await following;
    },
  };
}

/** Undefined where an escape is none. */
function decodedPath(url: string): string | undefined {
  try {
    // A proxy's request names the host as well.
    return decodeURIComponent(pathOf(url).replace(/^https?:\/\/[^/]*/i, ''));
  } catch {
    return undefined;
  }
}

function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
}
