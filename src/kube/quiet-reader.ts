// SPDX-License-Identifier: Apache-2.0
import { failureOfAnswer } from './api-failure.js';
import type { ClusterOptions } from './cluster.js';
import { credentialSource } from './credentials.js';
import { defaultLiveness } from './liveness.js';
import { RequestLog } from './request-log.js';
import { parseAnswer } from './requests.js';
import { resolveSettings, type Settings } from './settings.js';
import { withinTime } from './time-limit.js';
import { Transport } from './transport.js';

/** Rows as the API server prints them, or a list where it cannot (API concepts, "Receiving resources as Tables"). */
export const tableOrList = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

interface QuietReading {
  /** What the answer may be, as an Accept header has it. */
  accept?: string;
  /** Limit of the whole request in ms, getting a credential included. */
  limitMs: number;
}

/** Reads from a cluster in passing, while the user types something else. */
export interface QuietReader {
  readonly settings: Settings;
  /** One request and no second try. Throws Failure. */
  read(path: string, reading: QuietReading): Promise<unknown>;
}

/**
 * A reader of the cluster that kubectl would talk to: nothing is written anywhere, and no credential plugin can ask for
 * anything. Throws Failure `usage` for what is wrong with the kubeconfig or the flags.
 */
export function quietReader(options: ClusterOptions, environment: NodeJS.ProcessEnv): QuietReader {
  const settings = resolveSettings(options, environment);
  return {
    settings,
    async read(path, { accept = 'application/json', limitMs }) {
      const credentials = credentialSource(settings, { isQuiet: true });
      const liveness = { ...defaultLiveness, connectMs: limitMs };
      const transport = new Transport(settings, credentials, new RequestLog(undefined), liveness);
      const request = { method: 'GET', path, headers: { Accept: accept }, silenceMs: limitMs };
      try {
        return await withinTime(limitMs, undefined, async (signal) => {
          const reply = await transport.send({ ...request, signal });
          const text = await reply.text();
          if (reply.status !== 200) throw failureOfAnswer(reply.status, text);
          return parseAnswer<unknown>(text, path, transport.host);
        });
      } finally {
        transport.close();
      }
    },
  };
}
