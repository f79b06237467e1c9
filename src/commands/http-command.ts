// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { Failure } from '../errors/failure.js';
import { httpMeasurer, httpOptionsOf, type HttpOptions } from '../runs/http.js';
import { runTests } from '../runs/run-tests.js';
import { httpUrl, parseHttpDestination } from '../targets/http-words.js';
import type { DestinationRef } from '../targets/refs.js';
import { parseTargets } from '../targets/target-arguments.js';
import { reportRun, type ReportFlags } from './probe-command.js';
import { targetsRequest, type RunFlags } from './run-request.js';

/** The flags of `http`, as they were parsed. Times in ms. */
export interface HttpFlags extends ReportFlags, RunFlags {
  method?: string | undefined;
  header?: string[] | undefined;
  'body-file'?: string | undefined;
  path?: string | undefined;
  tls: boolean;
  insecure: boolean;
  http2: boolean;
  'follow-redirects': number;
  'each-endpoint': boolean;
  'use-pod-proxy': boolean;
  attempts: number;
  'max-time': number;
  'connect-timeout': number;
  'expect-status'?: string | undefined;
  'expect-body'?: string | undefined;
}

/** `Name: value`; what it holds may be secret, so messages name nothing of it. Throws Failure `usage`. */
function parseHeader(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  if (colon > 0) return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  throw new Failure('usage', 'a header has no colon', { hint: "write -H 'Name: value'" });
}

async function readBody(file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  try {
    return await (file === '-' ? buffer(process.stdin) : readFile(file));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Failure('usage', `the body cannot be read: ${why}`);
  }
}

/** With `--no-exec` there is no standard input, and a pod's specification keeps what a command's arguments hold. */
function refuseUnheeded(destinations: readonly DestinationRef[], flags: HttpFlags): void {
  const kept = [flags.header === undefined ? '' : '--header', flags['body-file'] === undefined ? '' : '--body-file'];
  const shown = kept.filter((flag) => flag !== '');
  if (flags['no-exec'] && shown.length > 0) {
    throw new Failure('usage', `${shown.join(' and ')} cannot be used with --no-exec`, {
      hint: "what they hold would stay readable in the pod's specification",
    });
  }
  const areUrls = destinations.length > 0 && destinations.every(({ text }) => httpUrl(text) !== undefined);
  const unheeded = [flags.path === undefined ? '' : '--path', flags.tls ? '--tls' : ''].filter((flag) => flag !== '');
  if (areUrls && flags['to-selector'] === undefined && unheeded.length > 0) {
    throw new Failure('usage', `${unheeded.join(' and ')} is for DST:PORT: a URL says it itself`);
  }
}

async function optionsOf(flags: HttpFlags): Promise<HttpOptions> {
  return httpOptionsOf({
    method: flags.method,
    headers: (flags.header ?? []).map(parseHeader),
    body: await readBody(flags['body-file']),
    path: flags.path,
    tls: flags.tls,
    eachEndpoint: flags['each-endpoint'],
    attempts: flags.attempts,
    connectTimeoutMs: flags['connect-timeout'],
    timeoutMs: flags['max-time'],
    http2: flags.http2,
    insecure: flags.insecure,
    redirects: flags['follow-redirects'],
    useProxy: flags['use-pod-proxy'],
    status: flags['expect-status'],
    bodyText: flags['expect-body'],
  });
}

/** `http`: words and flags to a report. */
export async function runHttpCommand(words: string[], flags: HttpFlags): Promise<void> {
  const targets = parseTargets(words, {
    verb: 'connect',
    defaultProtocol: 'tcp',
    selector: flags.selector,
    toSelector: flags['to-selector'],
    destinations: { command: 'http', example: 'URL|DST:PORT', parse: parseHttpDestination },
  });
  refuseUnheeded(targets.destinations, flags);
  const request = targetsRequest(targets, flags, { maxLossPercent: 0 });
  const measurer = httpMeasurer(await optionsOf(flags));
  await reportRun(flags, (cluster, { signal, observer }) =>
    runTests(cluster, { ...request, signal }, measurer, observer),
  );
}
