// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { parseDestination } from './destination-grammar.js';
import type { Destination } from './destination.js';
import { hostName, ipFamily } from './names.js';
import { refuseEmptyAndFlags } from './object-words.js';
import { quote } from './quote.js';
import type { DestinationRef, DestinationTarget } from './refs.js';

/** The URL of a word that is one; undefined for all others. Throws Failure `usage` for one that cannot be asked for. */
export function httpUrl(word: string): URL | undefined {
  if (!/^https?:/i.test(word)) return undefined;
  if (!/^https?:\/\/[^/]/i.test(word) || !URL.canParse(word)) throw new Failure('usage', `${quote(word)} is not a URL`);
  const url = new URL(word);
  if (url.username !== '' || url.password !== '') {
    throw new Failure('usage', 'a URL with a user or password would be shown in reports', {
      hint: "use --header 'Authorization: Basic ...'",
    });
  }
  url.hash = '';
  return url;
}

function urlTarget({ hostname }: URL, word: string): DestinationTarget {
  const bare = hostname.replace(/^\[|\]$/g, '');
  const family = ipFamily(bare);
  if (family !== undefined) return { kind: 'ip', address: bare, family };
  const host = hostName(bare);
  if (host !== undefined) return { kind: 'host', host };
  throw new Failure('usage', `${quote(bare)} in ${quote(word)} is no host name`);
}

/** A destination of `http`: a URL, or what `connect` takes. Throws Failure `usage`. */
export function parseHttpDestination(word: string): DestinationRef {
  refuseEmptyAndFlags(word);
  const url = httpUrl(word);
  if (url === undefined) {
    if (/^(?!(?:tcp|udp):)[^:/[\]]*:\/\//i.test(word)) {
      throw new Failure('usage', `unknown scheme in ${quote(word)}`, {
        hint: 'write http://NAME/PATH or https://NAME/PATH',
      });
    }
    const ref = parseDestination(word, { verb: 'connect', defaultProtocol: 'tcp' });
    if (ref.protocol === 'udp') throw new Failure('usage', `${quote(word)}: http goes over TCP`);
    return ref;
  }
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  if (port === 0) throw new Failure('usage', `${quote(word)} has port 0`);
  return { text: word, target: urlTarget(url, word), ports: [port], protocol: 'tcp' };
}

/** A Service as its DNS name has it (Kubernetes, "DNS for Services and Pods"); a bare name is of the source's namespace. */
export function serviceOfHost(host: string, namespace: string): { namespace: string; name: string } | undefined {
  const [name = '', second, third, ...rest] = host.replace(/\.$/, '').split('.');
  if (second === undefined) return { namespace, name };
  return third === undefined || (third === 'svc' && rest.length !== 1) ? { namespace: second, name } : undefined;
}

/** The host of the URL that a destination which is no URL is asked by: a Service's DNS name, or what it is sent to. */
export function urlHost(
  { host, address = '' }: Destination,
  service: { namespace: string; name: string } | undefined,
): string {
  if (service !== undefined) return `${service.name}.${service.namespace}.svc`;
  const name = host ?? address;
  return name.includes(':') ? `[${name}]` : name;
}
