// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { KubeConfig } from './client-node.js';
import type { CredentialSource } from './credential.js';

/**
 * Credentials of a kubeconfig `auth-provider` (OpenID Connect and its older kin), which the client library obtains and
 * renews.
 */
export function authProviderSource(
  authProvider: { name: string; config?: Record<string, string> },
  userName: string,
): CredentialSource {
  const config = new KubeConfig();
  const name = userName === '' ? 'user' : userName;
  config.loadFromClusterAndUser({ name: 'cluster', server: 'https://unused' } as never, { name, authProvider });
  return {
    async current() {
      const options: { headers?: Record<string, string> } = {};
      try {
        await config.applyToHTTPSOptions(options);
      } catch (thrown) {
        const words = thrown instanceof Error ? thrown.message : String(thrown);
        throw new Failure('forbidden', `getting credentials: auth provider ${authProvider.name}: ${words}`, {
          cause: thrown,
        });
      }
      return { authorization: options.headers?.['Authorization'] };
    },
    renew: () => false,
  };
}
