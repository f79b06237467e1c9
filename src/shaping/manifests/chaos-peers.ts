// SPDX-License-Identifier: Apache-2.0
import type { Direction, ScopeWords } from '../../model/shaping.js';
import { hostName, ipFamily } from '../../targets/names.js';
import { quote } from '../../targets/quote.js';
import type { Fields } from '../../manifests/fields.js';
import type { Place } from '../../manifests/place.js';

interface ExternalTarget {
  /** As `--peer` takes it: an address, a CIDR, `host/NAME`. */
  word: string;
  port?: number;
}

/**
 * `externalTargets` of a NetworkChaos: addresses, CIDRs and host names, each with a port or without. One rule has one set of
 * ports, so all must have the same.
 */
export function readExternalTargets(spec: Fields, direction: Direction, hasTarget: boolean): ScopeWords {
  const targets = (spec.list('externalTargets') ?? []).flatMap(({ value, place }) => readExternalTarget(value, place));
  const ports = [...new Set(targets.map(({ port }) => port))];
  if (ports.length > 1 || (hasTarget && ports[0] !== undefined)) {
    spec
      .at('externalTargets')
      .wrong(
        hasTarget ? 'ports can not be told apart from the pods of target' : 'all of them need the same port, or none',
        'make one manifest for each port: a pod takes them one after the other',
      );
  }
  const peerPorts = ports[0] === undefined ? [] : [ports[0]];
  return {
    peers: targets.map(({ word }) => word),
    exclude: [],
    ports: [],
    // What comes in has the peer's port as its source.
    sourcePorts: direction === 'ingress' ? peerPorts : [],
    destinationPorts: direction === 'ingress' ? [] : peerPorts,
  };
}

function readExternalTarget(value: unknown, place: Place): ExternalTarget[] {
  const match = typeof value === 'string' ? /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(value) : null;
  const address = match === null ? value : (match[1] ?? match[2]);
  const port = match === null ? undefined : Number(match[3]);
  const word = typeof address === 'string' ? peerWord(address) : undefined;
  if (word !== undefined && (port === undefined || (port >= 1 && port <= 65535))) {
    return [{ word, ...(port === undefined ? {} : { port }) }];
  }
  const shown = typeof value === 'string' ? quote(value) : 'this';
  place.wrong(`${shown} is no external target`, 'write an address, a CIDR or a host name, perhaps with :PORT');
  return [];
}

function peerWord(address: string): string | undefined {
  const [ip = '', bits] = address.split('/');
  const family = ipFamily(ip);
  if (family !== undefined) {
    if (bits === undefined) return address;
    return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128) ? address : undefined;
  }
  const host = hostName(address);
  return host === undefined ? undefined : `host/${host}`;
}
