// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { checkServerEnvironment } from '../../../../src/agents/check-server/environment.js';
import { serverDeployment } from '../../../../src/check/objects/server-workload.js';
import type { AgentNetwork } from '../../../../src/model/check.js';

/** The variables that the Deployment gives the server, as a kubelet makes them. */
function installed(networks: AgentNetwork[], legacyApi = false): Record<string, string> {
  const deployment = serverDeployment({
    image: '',
    imagePullSecrets: [],
    selection: { nodeSelector: {}, tolerations: [], includeUnschedulable: false },
    settings: { intervalMs: 15_000, neighbours: 10, payloadEntries: 1500, urls: [] },
    networks,
    legacyApi,
    nodePort: false,
    apiPorts: [],
  }) as unknown as {
    spec: { template: { spec: { containers: { env: { name: string; value?: string }[] }[] } } };
  };
  const fields: Record<string, string> = {
    POD_NAME: 'server-1',
    POD_NAMESPACE: 'netmachinery-check',
    POD_IP: '198.18.7.7',
  };
  const [container] = deployment.spec.template.spec.containers;
  return Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value ?? fields[name] ?? '']));
}

describe('the environment of the server', () => {
  it('says who it is, and where its check is', () => {
    expect(checkServerEnvironment(installed(['pod', 'host']))).toEqual({
      place: { namespace: 'netmachinery-check', hostNamespace: 'netmachinery-check-host' },
      name: 'server-1',
      address: '198.18.7.7:27443',
      legacy: false,
    });
    expect(checkServerEnvironment(installed(['pod'], true)).legacy).toBe(true);
  });

  it('has no second namespace where no agents are in the nodes’ network', () => {
    expect(checkServerEnvironment(installed(['pod'])).place).toEqual({
      namespace: 'netmachinery-check',
      hostNamespace: undefined,
    });
  });

  it('has an address of either family, and is refused without one', () => {
    expect(checkServerEnvironment({ POD_IP: '2001:2::7' }).address).toBe('[2001:2::7]:27443');
    expect(() => checkServerEnvironment({})).toThrow(/POD_IP/);
  });
});
