// SPDX-License-Identifier: Apache-2.0
import { parseDestination } from './destination-grammar.js';
import type { DestinationRef, Protocol } from './refs.js';

const dnsPort = 53;

/** A DNS server as a word: an IP address, or a Service, pod or workload, at port 53 where it names none. Throws Failure `usage`. */
export function parseDnsServer(word: string, protocol: Protocol): DestinationRef {
  try {
    return { ...parseDestination(word, { verb: 'ping' }), ports: [dnsPort], protocol };
  } catch {
    // It has a port, or is wrong in a way that is told here as well.
    return parseDestination(word, { verb: 'connect', defaultProtocol: protocol });
  }
}
