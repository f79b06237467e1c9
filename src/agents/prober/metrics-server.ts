// SPDX-License-Identifier: Apache-2.0
import type { HttpListener } from '../http-listener.js';
import type { RecentProbes } from '../../model/prober.js';
import { healthPages, metricsPage, servePages, type Page } from '../page-server.js';
import type { ProberMetrics } from './metrics.js';
import { recentQuery, type RecentQuery } from './recent-query.js';

export interface MetricsPages {
  metrics: ProberMetrics;
  /** Whether a peer list was read. */
  isReady: () => boolean;
  recent: (query: RecentQuery) => RecentProbes;
}

/** Serves `/metrics`, `/recent` (the probes that are remembered, as RecentProbes), `/healthz` and `/readyz`. */
export function startMetricsServer(
  { metrics, isReady, recent }: MetricsPages,
  port: number,
  host?: string,
): Promise<HttpListener> {
  const recentPage = (url: string): Page => {
    const text = `${JSON.stringify(recent(recentQuery(url)))}\n`;
    return { status: 200, type: 'application/json', text };
  };
  const pages = {
    ...healthPages(() => (isReady() ? undefined : 'no peer list yet')),
    '/metrics': () => metricsPage(metrics),
    '/recent': recentPage,
  };
  return servePages(port, pages, host);
}
