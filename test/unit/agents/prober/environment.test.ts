// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { proberEnvironment } from '../../../../src/agents/prober/environment.js';

describe('proberEnvironment', () => {
  it('has our ports and the file of k8s-network-prober where nothing is set', () => {
    expect(proberEnvironment({ HTTP_PORT: '' })).toEqual({
      httpPort: 19191,
      prometheusPort: 19192,
      configFile: '/etc/netprober/config.json',
      neighbours: 10,
      own: { namespace: '', pod: '', node: '', mesh: '', ips: [] },
    });
  });

  it('reads everything that can be set', () => {
    const variables = {
      HTTP_PORT: '8080',
      HTTP_PROMETHEUS_PORT: '2112',
      NET_PROBER_CONFIG_FILE: '/tmp/list.json',
      NETMACHINERY_NEIGHBOURS: '0',
      POD_NAME: 'web-1',
      HOSTNAME: 'something-else',
      POD_NAMESPACE: 'shop',
      NODE_NAME: 'node1',
      NETMACHINERY_MESH: 'shop/mesh-rtt',
      POD_IPS: '10.0.0.4,fd00::4',
    };
    expect(proberEnvironment(variables)).toEqual({
      httpPort: 8080,
      prometheusPort: 2112,
      configFile: '/tmp/list.json',
      neighbours: 0,
      own: { namespace: 'shop', pod: 'web-1', node: 'node1', mesh: 'shop/mesh-rtt', ips: ['10.0.0.4', 'fd00::4'] },
    });
  });

  it('takes the host name for the name of the pod where that is not told', () => {
    expect(proberEnvironment({ HOSTNAME: 'web-1' }).own.pod).toBe('web-1');
  });

  it.each([
    [{ HTTP_PORT: '0' }, 'HTTP_PORT is "0", but must be a whole number from 1 to 65535'],
    [{ HTTP_PROMETHEUS_PORT: '65536' }, 'HTTP_PROMETHEUS_PORT is "65536", but'],
    [{ NETMACHINERY_NEIGHBOURS: '-1' }, 'NETMACHINERY_NEIGHBOURS is "-1", but'],
    [{ NETMACHINERY_NEIGHBOURS: '1e3' }, 'NETMACHINERY_NEIGHBOURS is "1e3", but'],
    [{ HTTP_PORT: '19192' }, 'HTTP_PORT and HTTP_PROMETHEUS_PORT are both 19192'],
    [{ POD_IPS: '10.0.0.4,node1' }, 'POD_IPS has "node1"'],
  ])('names what is wrong with %o', (variables, message) => {
    expect(() => proberEnvironment(variables)).toThrow(message);
  });
});
