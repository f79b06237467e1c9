// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { ListOptions } from './cluster.js';
import type { Status } from './api-failure.js';
import type { KubeObject } from './objects.js';
import { answerSilenceMs, requestJson, withQuery } from './requests.js';
import type { Transport } from './transport.js';

const defaultLimit = 500;
/** A list that expires more often than this changes faster than it can be read. */
const maxExpiries = 5;

/** Asks for metadata only; a server that cannot do that sends everything (API concepts, "Metadata-only fetches"). */
const metadataOnly = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

interface List<T> {
  apiVersion?: string;
  kind?: string;
  metadata?: { continue?: string; resourceVersion?: string };
  items?: T[] | null;
}

/** Where to go on after 410: the server offers a token for the rest of the list as it is now (API concepts, "410 Gone"). */
function tokenAfterExpiry(failure: Failure): string {
  return (failure.cause as (Status & List<never>) | undefined)?.metadata?.continue ?? '';
}

/** Pages of a list, one held at a time (see Cluster.list). */
export async function* listPages<T extends KubeObject>(
  transport: Transport,
  path: string,
  options: ListOptions,
  totalMs: number | undefined,
): AsyncGenerator<T[], void, void> {
  let token = '';
  let expiries = 0;
  let isFirst = true;
  for (;;) {
    const query = {
      ...options.query,
      labelSelector: options.labelSelector,
      fieldSelector: options.fieldSelector,
      limit: options.limit ?? defaultLimit,
      continue: token === '' ? undefined : token,
    };
    const { signal } = options;
    const headers = options.metadataOnly === true ? { Accept: metadataOnly } : undefined;
    const request = {
      method: 'GET',
      path: withQuery(path, query),
      headers,
      signal,
      totalMs,
      silenceMs: answerSilenceMs,
    };
    let page: List<T>;
    try {
      page = await requestJson<List<T>>(transport, request);
    } catch (thrown) {
      expiries += 1;
      const expired = thrown instanceof Failure && thrown.status === 410 && token !== '';
      token = expired ? tokenAfterExpiry(thrown) : '';
      if (token === '' || expiries > maxExpiries) throw thrown;
      continue;
    }
    const { resourceVersion } = page.metadata ?? {};
    if (isFirst && resourceVersion !== undefined) options.onResourceVersion?.(resourceVersion);
    isFirst = false;
    yield page.items ?? [];
    token = page.metadata?.continue ?? '';
    if (token === '') return;
  }
}
