// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { canonicalIpv6, endsInNumber, hostName, ipFamily, isDnsSubdomain } from './names.js';
import { parseObjectWord, refuseEmptyAndFlags } from './object-words.js';
import { parsePorts } from './ports.js';
import { quote } from './quote.js';
import {
  hasPorts,
  type DestinationRef,
  type DestinationTarget,
  type PortRef,
  type Protocol,
  type TargetVerb,
  type ToSelector,
} from './refs.js';

export interface DestinationGrammarOptions {
  verb: TargetVerb;
  /** Of `--protocol`, where it names one; a scheme in the word is stronger. Not for `ping`. */
  defaultProtocol?: Protocol | undefined;
}

/** One destination word, without asking the cluster. Throws Failure `usage`. */
export function parseDestination(word: string, options: DestinationGrammarOptions): DestinationRef {
  refuseEmptyAndFlags(word);
  const { scheme, rest } = splitScheme(word);
  refuseEmptyAndFlags(rest);
  const { target, portText } = splitAddress(rest, word);
  const ports = portText === undefined ? [] : parsePorts(portText, word);
  const protocol = scheme ?? options.defaultProtocol;
  if (!hasPorts(options.verb)) refusePorts(word, scheme ?? ports[0], options.verb);
  else requirePorts(word, target, ports);
  return { text: word, target, ports, ...(protocol === undefined || !hasPorts(options.verb) ? {} : { protocol }) };
}

/** `--to-selector SELECTOR[:PORT]`; a label selector holds no colon. Throws Failure `usage`. */
export function parseToSelector(word: string, options: DestinationGrammarOptions): ToSelector {
  const { scheme, rest } = splitScheme(word);
  const colon = rest.indexOf(':');
  const selector = colon < 0 ? rest : rest.slice(0, colon);
  if (selector.trim() === '') {
    throw new Failure('usage', 'the destination selector is empty', { hint: 'write --to-selector app=db' });
  }
  const ports = colon < 0 ? [] : parsePorts(rest.slice(colon + 1), word);
  if (!hasPorts(options.verb)) refusePorts(word, scheme ?? ports[0], options.verb);
  else if (ports.length === 0) throw missingPort(word, `${word}:5432`);
  const protocol = scheme ?? options.defaultProtocol;
  return { text: word, selector, ports, ...(protocol === undefined || !hasPorts(options.verb) ? {} : { protocol }) };
}

function splitScheme(word: string): { scheme?: Protocol; rest: string } {
  const match = /^([^:/[\]]*):\/\/(.*)$/s.exec(word);
  if (match === null) return { rest: word };
  const scheme = match[1]?.toLowerCase();
  if (scheme === 'tcp' || scheme === 'udp') return { scheme, rest: match[2] ?? '' };
  throw new Failure('usage', `unknown scheme in ${quote(word)}`, { hint: 'write tcp://NAME:PORT or udp://NAME:PORT' });
}

function splitAddress(rest: string, word: string): { target: DestinationTarget; portText?: string } {
  const host = rest.startsWith('host/');
  const address = host ? rest.slice('host/'.length) : rest;
  if (address.startsWith('[')) return splitBrackets(address, word);
  const colon = address.indexOf(':');
  if (colon >= 0 && !address.includes('/') && address.indexOf(':', colon + 1) >= 0) {
    return { target: ipTarget(address, word) };
  }
  const name = colon < 0 ? address : address.slice(0, colon);
  const target = host ? hostTarget(name, word) : nameTarget(name, word);
  return colon < 0 ? { target } : { target, portText: address.slice(colon + 1) };
}

function splitBrackets(address: string, word: string): { target: DestinationTarget; portText?: string } {
  const match = /^\[([^[\]]*)\](?::(.*))?$/s.exec(address);
  const inner = match?.[1];
  if (inner === undefined || ipFamily(inner) === 4) {
    throw new Failure('usage', `brackets in ${quote(word)} do not hold an IPv6 address`, {
      hint: 'write [2001:2::1]:80',
    });
  }
  const target = ipTarget(inner, word);
  return match?.[2] === undefined ? { target } : { target, portText: match[2] };
}

function ipTarget(address: string, word: string): DestinationTarget {
  if (ipFamily(address) === 6) {
    const canonical = canonicalIpv6(address);
    if (!canonical.startsWith('::ffff:')) return { kind: 'ip', address: canonical, family: 6 };
    throw new Failure('usage', `${quote(word)} is an IPv4 address mapped into IPv6`, {
      hint: 'write the IPv4 address',
    });
  }
  if (address.includes('%')) {
    throw new Failure(
      'usage',
      `${quote(word)} has a zone id, which names an interface of this machine and not of a pod`,
    );
  }
  throw new Failure('usage', `${quote(word)} is neither an IPv6 address nor NAME:PORT`, {
    hint: 'an IPv6 address with a port is written [2001:2::1]:80',
  });
}

function hostTarget(name: string, word: string): DestinationTarget {
  const family = ipFamily(name);
  if (family !== undefined) return { kind: 'ip', address: name, family };
  const host = hostName(name);
  if (host !== undefined) return { kind: 'host', host };
  throw new Failure('usage', `${quote(name)} in ${quote(word)} is no host name`, {
    hint: "host names have letters, digits, '-' and '.'; write others in their xn-- form",
  });
}

function nameTarget(name: string, word: string): DestinationTarget {
  if (name.includes('/') || !name.includes('.')) return parseObjectWord(name);
  if (ipFamily(name) === 4) return { kind: 'ip', address: name, family: 4 };
  if (endsInNumber(name)) {
    throw new Failure('usage', `${quote(name)} is neither an IPv4 address nor a host name`, {
      hint: `if it is a pod, write pod/${isDnsSubdomain(name) ? name : 'NAME'}`,
    });
  }
  return isDnsSubdomain(name) ? { kind: 'podOrHost', name } : hostTarget(name, word);
}

function refusePorts(word: string, given: PortRef | undefined, verb: TargetVerb): void {
  if (given === undefined) return;
  throw new Failure('usage', `${verb} has no ports: ${quote(word)}`, {
    hint:
      verb === 'trace'
        ? 'the port of a trace is --port, with --protocol udp or tcp'
        : `ICMP knows no ports; for TCP and UDP: kubectl netmachinery connect SRC ${word}`,
  });
}

function requirePorts(word: string, target: DestinationTarget, ports: readonly PortRef[]): void {
  if (ports.length === 0) {
    if (target.kind === 'service') return;
    throw missingPort(word, target.kind === 'ip' && target.family === 6 ? `[${target.address}]:80` : `${word}:80`);
  }
  const named = ports.find((port) => typeof port === 'string');
  if (named === undefined || !['ip', 'host', 'node'].includes(target.kind)) return;
  throw new Failure('usage', `${quote(word)}: a port name needs a pod, a workload or a Service`, {
    hint: 'give the number of the port',
  });
}

function missingPort(word: string, example: string): Failure {
  return new Failure('usage', `${quote(word)} has no port`, { hint: `write ${example}` });
}
