// SPDX-License-Identifier: Apache-2.0

/**
 * A probe and its parameters, as a suite's test names them; what is absent is the verb's own default. The names of the
 * parameters are those of the verbs' flags.
 */
export type SuiteProbe =
  | {
      kind: 'ping';
      count?: number;
      intervalMs?: number;
      sizeBytes?: number;
      dontFragment?: boolean;
      raw?: boolean;
      timeoutMs?: number;
    }
  | {
      kind: 'connect';
      attempts?: number;
      timeoutMs?: number;
      protocol?: 'tcp' | 'udp';
      tls?: boolean;
      payload?: string;
      proof?: 'counters' | 'capture';
    }
  | {
      kind: 'dns';
      names: string[];
      types?: string[];
      servers?: string[];
      eachEndpoint?: boolean;
      tcp?: boolean;
      attempts?: number;
      timeoutMs?: number;
      rcode?: string;
      answers?: string[];
    }
  | {
      kind: 'http';
      method?: string;
      headers?: Record<string, string>;
      path?: string;
      tls?: boolean;
      eachEndpoint?: boolean;
      attempts?: number;
      connectTimeoutMs?: number;
      /** Of one whole request. */
      timeoutMs?: number;
      status?: string;
      /** What the body of the answer must have. */
      body?: string;
      insecure?: boolean;
      http2?: boolean;
      /** How many are followed. */
      redirects?: number;
      useProxy?: boolean;
    }
  | {
      kind: 'mtu';
      maxBytes?: number;
      timeoutMs?: number;
      expectedMtu?: number;
      bothDirections?: boolean;
      raw?: boolean;
    }
  | {
      kind: 'trace';
      method?: 'icmp' | 'udp' | 'tcp';
      port?: number;
      count?: number;
      maxHops?: number;
      timeoutMs?: number;
      raw?: boolean;
    };

export type ProbeKind = SuiteProbe['kind'];

export const suiteProbeKinds = [
  'ping',
  'connect',
  'dns',
  'http',
  'mtu',
  'trace',
] as const satisfies readonly SuiteProbe['kind'][];
