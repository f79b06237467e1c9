// SPDX-License-Identifier: Apache-2.0

/** What the seed's API offers. */
export type Handler = 'report' | 'agent' | 'agents' | 'check' | 'ping' | 'metrics';

/** What is to be done with a request, as httprouter 1.2 (the router of the seed) decides it. */
export type Route =
  | { kind: 'handler'; handler: Handler; name: string }
  | { kind: 'redirect'; status: 301 | 307; path: string }
  | { kind: 'options'; allow: string }
  | { kind: 'wrongMethod'; allow: string }
  | { kind: 'unknown' };

const fixed: Readonly<Record<string, Handler>> = {
  '/api/v1/agents/': 'agents',
  '/api/v1/connectivity_check': 'check',
  '/api/v1/ping': 'ping',
  '/metrics': 'metrics',
};
const agentPath = /^\/api\/v1\/agents\/([^/]+)$/;

interface Found {
  handler: Handler;
  name: string;
}

function find(method: 'GET' | 'POST', path: string): Found | undefined {
  const name = agentPath.exec(path)?.[1];
  if (name !== undefined) return { handler: method === 'GET' ? 'agent' : 'report', name };
  const handler = method === 'GET' && Object.hasOwn(fixed, path) ? fixed[path] : undefined;
  return handler === undefined ? undefined : { handler, name: '' };
}

/** Routes a request; `path` is decoded and has no query. */
export function routeOf(method: string, path: string): Route {
  if (method === 'GET' || method === 'POST') {
    const found = find(method, path);
    if (found !== undefined) return { kind: 'handler', ...found };
    const right = path === '/' ? undefined : (otherSlash(method, path) ?? rightSpelling(method, path));
    if (right !== undefined) return { kind: 'redirect', status: method === 'GET' ? 301 : 307, path: right };
  }
  const methods = [
    ...(find('GET', path) === undefined ? [] : ['GET', 'OPTIONS']),
    ...(find('POST', path) === undefined ? [] : ['POST']),
  ];
  if (methods.length === 0) return { kind: 'unknown' };
  return { kind: method === 'OPTIONS' ? 'options' : 'wrongMethod', allow: methods.join(', ') };
}

/** The path with a slash more or less at its end, where that is one. An agent's name may be empty for this. */
function otherSlash(method: 'GET' | 'POST', path: string): string | undefined {
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  return find(method, other) !== undefined || path === '/api/v1/agents//' ? other : undefined;
}

/** The path as it should be written: no empty segments and dots, and the letters of ours; names stay as they are. */
function rightSpelling(method: 'GET' | 'POST', path: string): string | undefined {
  const clean = cleanPath(path);
  const [, prefix, name = ''] = /^(\/api\/v1\/agents\/)(.*)$/is.exec(clean) ?? [];
  const spelled = prefix === undefined ? clean.toLowerCase() : `${prefix.toLowerCase()}${name}`;
  return find(method, spelled) === undefined ? otherSlash(method, spelled) : spelled;
}

function cleanPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}${segments.length > 0 && /\/\.?$/.test(path) ? '/' : ''}`;
}

/** A decoded path as Go's net/url writes it into a Location. */
export function escapedPath(path: string): string {
  const hex = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURI(path).replaceAll(/[?#!'()*]/g, hex);
}
