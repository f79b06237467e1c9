// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { isPortName } from './names.js';
import { quote } from './quote.js';
import type { PortRef } from './refs.js';

const portRule = 'a port is a number from 1 to 65535 or the name of a port of a Service or pod';

/** Ports behind the colon of a destination: `80`, `http`, or several with commas. Throws Failure `usage`. */
export function parsePorts(text: string, word: string): PortRef[] {
  const ports = text.split(',').map((port) => parsePort(port, word));
  return [...new Set(ports)];
}

function parsePort(port: string, word: string): PortRef {
  if (port === '') {
    throw new Failure('usage', `a port is missing in ${quote(word)}`, { hint: 'write NAME:PORT, or NAME:80,443' });
  }
  if (/^\d+$/.test(port)) {
    const number = Number(port);
    if (number >= 1 && number <= 65535) return number;
    throw new Failure('usage', `port ${quote(port)} in ${quote(word)} is not between 1 and 65535`, { hint: portRule });
  }
  if (isPortName(port)) return port;
  throw new Failure('usage', `${quote(port)} in ${quote(word)} is no port`, {
    hint: /^\d+-\d+$/.test(port) ? 'there are no ranges: list the ports, as in NAME:80,443' : portRule,
  });
}
