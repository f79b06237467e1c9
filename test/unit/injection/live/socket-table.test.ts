// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listeningPorts } from '../../../../src/injection/live/socket-table.js';

/** Of `cat /proc/net/tcp /proc/net/tcp6` in a container of the test cluster; Linux 6.1. */
const recorded = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 123456 1 0000000000000000 100 0 0 10 0
   1: 2410C6C6:C350 2510C6C6:4AF7 01 00000000:00000000 00:00000000 00000000  1000        0 123457 1 0000000000000000 20 4 30 10 -1
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:4AF7 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 65532        0 123458 1 0000000000000000 100 0 0 10 0
`;

describe('listeningPorts', () => {
  it('has what listens, over IPv4 and IPv6, and no connections', () => {
    expect(listeningPorts(recorded)).toEqual(new Set([8080, 19191]));
  });

  it('tells an empty table from none', () => {
    expect(listeningPorts(recorded.split('\n')[0] ?? '')).toEqual(new Set());
    expect(listeningPorts('')).toBeUndefined();
    expect(listeningPorts("cat: can't open '/proc/net/tcp'")).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        listeningPorts(`  sl  local_address\n${text}`);
      }),
    );
  });
});
