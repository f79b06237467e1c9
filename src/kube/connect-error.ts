// SPDX-License-Identifier: Apache-2.0

/** A host of the same network that is not there is known after three questions, one a second (arp(7)). */
const limitMs = 4000;

/** The codes of connect(2) that mean something else than a refusal. */
const unreachableCodes = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL']);

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error ? (thrown as NodeJS.ErrnoException).code : undefined;
}

/** Bun's `fetch`; undefined where sockets tell the truth, or it would tell of the way to a proxy, as HTTP_PROXY has it do. */
function truthfulFetch(): typeof fetch | undefined {
  const isProxied = ['HTTP_PROXY', 'http_proxy'].some((name) => process.env[name]);
  return process.versions['bun'] === undefined || isProxied ? undefined : fetch;
}

/**
 * What kept a connection from coming about. Sockets of Bun (1.4) say ECONNREFUSED whatever connect(2) said, while its
 * `fetch` says what it was: there the connection is tried once more, with nothing of the request.
 */
export async function connectError(
  thrown: unknown,
  { hostname, port, protocol }: URL,
  again: typeof fetch | undefined = truthfulFetch(),
): Promise<unknown> {
  if (again === undefined || codeOf(thrown) !== 'ECONNREFUSED') return thrown;
  try {
    const url = `http://${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}/`;
    await again(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(limitMs) });
  } catch (failed) {
    if (unreachableCodes.has(codeOf(failed) ?? '')) return failed;
  }
  return thrown;
}
