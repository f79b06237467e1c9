// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { Failure } from '../errors/failure.js';

/**
 * One thing a probe sends packets to. Exactly one of `address` and `host` is set: an address literal, or a name that the
 * remote script resolves inside the source pod. `index` is the caller's and comes back in every event and outcome.
 */
export interface ProbeDestination {
  index: number;
  address?: string;
  host?: string;
  family: 4 | 6;
}

/** A command to execute in the source pod. It ends itself within `limitMs`, whatever the network does. */
export interface RemoteCommand {
  argv: string[];
  limitMs: number;
  /** Written to its standard input, which stays open; only where there is a leash. No process list and no log shows it. */
  input?: string;
}

/**
 * Reads what a remote command prints. `stdout` and `stderr` take one whole line each (without its newline) and return
 * the events it stands for; `end` returns exactly one outcome a destination. None of them throws, whatever they are fed.
 */
export interface ProbeParser<Event, Outcome> {
  stdout(line: string): Event[];
  stderr(line: string): Event[];
  /** `exitCode` is the remote command's, or -1 when it is not known (the connection was lost). */
  end(exitCode: number): Outcome[];
}

const hostName = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?$/;
const zone = /^[A-Za-z0-9_.-]+$/;

/**
 * The text that stands for a destination on a remote command line. It can be neither an option nor anything but an
 * address of the right family or a host name (letters, digits, `-`, `_` and dots; others as IDNA writes them).
 * Throws a usage Failure.
 */
export function destinationWord(destination: ProbeDestination): string {
  const { address, host, family } = destination;
  if (address !== undefined && host === undefined) {
    const [literal = '', zoneId] = address.split('%', 2);
    if (isIP(literal) === family && (zoneId === undefined || (family === 6 && zone.test(zoneId)))) return address;
    throw new Failure('usage', `"${address}" is not an IPv${family} address`);
  }
  if (host !== undefined && address === undefined) {
    const ascii = domainToASCII(host) || host;
    if (ascii.length <= 253 && hostName.test(ascii)) return ascii;
    throw new Failure('usage', `"${host}" is not a host name`);
  }
  throw new Failure('bug', `destination ${destination.index} needs either an address or a host name`);
}

/** A destination as remote/resolve.sh takes it: index, family, kind of word, word. Throws a usage Failure. */
export function resolveArguments(destination: ProbeDestination): string[] {
  const { index, family, address } = destination;
  return [String(index), String(family), address === undefined ? 'host' : 'address', destinationWord(destination)];
}
