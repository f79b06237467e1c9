// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { Failure } from '../errors/failure.js';
import type { CredentialSource, Credential } from './credential.js';
import { fileOrData, type Settings } from './settings.js';

/** client-go reads a token file anew after this time (transport/token_source.go). */
const tokenFileLifeMs = 60_000;

function tokenFromFile(path: string): CredentialSource {
  let token = '';
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    current() {
      if (performance.now() - readAt > tokenFileLifeMs) {
        try {
          token = readFileSync(path, 'utf8').trim();
        } catch (thrown) {
          const words = `unable to read the token file ${path}: ${(thrown as Error).message}`;
          return Promise.reject(new Failure('usage', words, { cause: thrown }));
        }
        readAt = performance.now();
      }
      return Promise.resolve({ authorization: `Bearer ${token}` });
    },
    renew() {
      readAt = Number.NEGATIVE_INFINITY;
      return true;
    },
  };
}

function fixed(credential: Credential): CredentialSource {
  return { current: () => Promise.resolve(credential), renew: () => false };
}

function headerSource({ user, userName, clusterEntry }: Settings, isQuiet: boolean): CredentialSource {
  if (user.tokenFile) return tokenFromFile(user.tokenFile);
  if (user.token) return fixed({ authorization: `Bearer ${user.token}` });
  if (user.username || user.password) {
    const pair = Buffer.from(`${user.username ?? ''}:${user.password ?? ''}`).toString('base64');
    return fixed({ authorization: `Basic ${pair}` });
  }
  const { exec } = user;
  if (exec !== undefined) {
    return lazySource(async () =>
      (await import('./exec-credential.js')).execCredentialSource(exec, clusterEntry, { isQuiet }),
    );
  }
  const provider = user['auth-provider'];
  if (provider !== undefined) {
    // What it renews is not written back: a token that serves once would be lost for kubectl.
    if (isQuiet) throw new Failure('unsupported', `the auth provider ${provider.name} is not asked in passing`);
    return lazySource(async () => (await import('./auth-provider.js')).authProviderSource(provider, userName));
  }
  return fixed({});
}

/** A source whose code is loaded when it is first asked. */
function lazySource(load: () => Promise<CredentialSource>): CredentialSource {
  let loading: Promise<CredentialSource> | undefined;
  let loaded: CredentialSource | undefined;
  return {
    async current() {
      loaded = await (loading ??= load());
      return loaded.current();
    },
    renew: (refused) => loaded?.renew(refused) ?? false,
  };
}

/**
 * The credentials of a user entry; quiet ones are got without a word to the user. Throws Failure `usage` for files that cannot
 * be read.
 */
export function credentialSource(settings: Settings, { isQuiet = false } = {}): CredentialSource {
  const { user } = settings;
  const certificate = fileOrData(user['client-certificate'], user['client-certificate-data'], 'client-cert');
  const key = fileOrData(user['client-key'], user['client-key-data'], 'client-key');
  const header = headerSource(settings, isQuiet);
  if (certificate === undefined) return header;
  return {
    current: async () => ({ ...(await header.current()), certificate, key }),
    renew: (refused) => header.renew(refused),
  };
}

/** A key as a part of a header's name; the server decodes percent signs (client-go, round_trippers.go). */
function headerWord(key: string): string {
  return encodeURIComponent(key).replace(/[()]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

/** The impersonation headers of `--as`, `--as-group`, `--as-uid`, `--as-user-extra` or of the user entry; several values are several headers. */
export function impersonationHeaders({ user }: Settings): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  const groups = user['as-groups'] ?? [];
  const extra = Object.entries(user['as-user-extra'] ?? {});
  if (!user.as) {
    if (groups.length === 0 && !user['as-uid'] && extra.length === 0) return headers;
    throw new Failure('usage', 'requesting uid, groups or user-extra for impersonation without impersonating a user');
  }
  headers['Impersonate-User'] = user.as;
  if (user['as-uid']) headers['Impersonate-Uid'] = user['as-uid'];
  if (groups.length > 0) headers['Impersonate-Group'] = groups;
  for (const [key, values] of extra) headers[`Impersonate-Extra-${headerWord(key)}`] = values;
  return headers;
}
