// SPDX-License-Identifier: Apache-2.0

/** The command whose output `listeningPorts` reads; a kernel without IPv6 has no tcp6, and cat says so on stderr. */
export const socketTableCommand = ['cat', '/proc/net/tcp', '/proc/net/tcp6'];

const listen = '0A';

/**
 * The TCP ports on which something listens, of /proc/net/tcp and /proc/net/tcp6 (proc_net_tcp.rst: local address and port
 * in hex, state 0A is TCP_LISTEN), whatever address it is bound to. Undefined where the text has no such table.
 */
export function listeningPorts(text: string): Set<number> | undefined {
  const lines = text.split('\n');
  if (!lines.some((line) => /^\s*sl\s+local_address/.test(line))) return undefined;
  const ports = lines.flatMap((line) => {
    const [, port, state] = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /.exec(line) ?? [];
    return port !== undefined && state === listen ? [parseInt(port, 16)] : [];
  });
  return new Set(ports);
}
