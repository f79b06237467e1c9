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

function headerSource({ user, userName, clusterEntry }: Settings): CredentialSource {
  if (user.tokenFile) return tokenFromFile(user.tokenFile);
  if (user.token) return fixed({ authorization: `Bearer ${user.token}` });
  if (user.username !== undefined) {
    const pair = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
    return fixed({ authorization: `Basic ${pair}` });
  }
  const { exec } = user;
  if (exec !== undefined) {
    return lazySource(async () => (await import('./exec-credential.js')).execCredentialSource(exec, clusterEntry));
  }
  const provider = user['auth-provider'];
  if (provider !== undefined) {
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
    renew: () => loaded?.renew() ?? false,
  };
}

/** The credentials of a user entry. Throws Failure `usage` for files that cannot be read. */
export function credentialSource(settings: Settings): CredentialSource {
  const { user } = settings;
  const certificate = fileOrData(user['client-certificate'], user['client-certificate-data'], 'client-cert');
  const key = fileOrData(user['client-key'], user['client-key-data'], 'client-key');
  const header = headerSource(settings);
  if (certificate === undefined) return header;
  return {
    current: async () => ({ ...(await header.current()), certificate, key }),
    renew: () => header.renew(),
  };
}

/** The impersonation headers of `--as`, `--as-group`, `--as-uid` or of the user entry; several groups are several headers. */
export function impersonationHeaders({ user }: Settings): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  const groups = user['as-groups'] ?? [];
  if (!user.as) {
    if (groups.length === 0 && !user['as-uid']) return headers;
    throw new Failure('usage', 'requesting uid, groups or user-extra for impersonation without impersonating a user');
  }
  headers['Impersonate-User'] = user.as;
  if (user['as-uid']) headers['Impersonate-Uid'] = user['as-uid'];
  if (groups.length > 0) headers['Impersonate-Group'] = groups;
  for (const [key, values] of Object.entries(user['as-user-extra'] ?? {})) {
    headers[`Impersonate-Extra-${encodeURIComponent(key)}`] = values;
  }
  return headers;
}
