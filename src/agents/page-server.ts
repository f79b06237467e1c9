// SPDX-License-Identifier: Apache-2.0
import { listenHttp, pathOf, type HttpListener } from './http-listener.js';

export interface Page {
  status: number;
  text: string;
  /** `text/plain` where absent. */
  type?: string;
}

const plain = 'text/plain; charset=utf-8';
const notFound: Page = { status: 404, text: 'not found\n' };

/** By their paths; each is given the URL of the request, whose query it may read. */
export type Pages = Readonly<Record<string, (url: string) => Page | Promise<Page>>>;

/** Serves pages to GET and HEAD, and nothing else. */
export function servePages(port: number, pages: Pages, host?: string): Promise<HttpListener> {
  const pageOf = async (url: string): Promise<Page> => {
    const path = pathOf(url);
    return Object.hasOwn(pages, path) ? ((await pages[path]?.(url)) ?? notFound) : notFound;
  };
  return listenHttp(port, host, (request, response) => {
    request.resume();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    pageOf(request.url ?? '').then(
      ({ status, type = plain, text }) => response.writeHead(status, { 'content-type': type }).end(text),
      () => response.writeHead(500).end(),
    );
  });
}

/**
 * `/healthz` (the process answers) and `/readyz` (503 with the reason while there is one), under the paths of
 * k8s-network-prober and its operator.
 */
export function healthPages(whyNotReady: () => string | undefined): Pages {
  const ok: Page = { status: 200, text: 'ok\n' };
  const ready = (): Page => {
    const reason = whyNotReady();
    return reason === undefined ? ok : { status: 503, text: `${reason}\n` };
  };
  return { '/healthz': () => ok, '/readyz': ready };
}

/** A page of a registry of prom-client. */
export async function metricsPage(metrics: { contentType: string; text: () => Promise<string> }): Promise<Page> {
  return { status: 200, type: metrics.contentType, text: await metrics.text() };
}
