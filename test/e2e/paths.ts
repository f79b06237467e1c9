// SPDX-License-Identifier: Apache-2.0
import { createReady, getPod, images, podManifest } from './kubectl.js';
import { prepared, serverPod } from './manifests.js';

/** Addresses behind the router pod, reached over one hop more, and over two, the last link taking 1300 bytes only. */
export const behind = {
  wide: { ipv4: '198.18.210.2', ipv6: '2001:2:0:d2::2' },
  narrow: { ipv4: '198.18.211.2', ipv6: '2001:2:0:d3::2' },
} as const;

/**
 * A pod that is a router: behind it lie two network namespaces of its own, one behind the other. The processes that hold
 * them end with the pod.
 */
const routing = `
echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
unshare -n sleep infinity & far=$!
unshare -n sleep infinity & end=$!
until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
until [ "$(readlink /proc/$end/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
far() { nsenter -t $far -n "$@"; }
end() { nsenter -t $end -n "$@"; }
ip link add wide type veth peer name back netns $far
ip addr add 198.18.210.1/24 dev wide; ip addr add 2001:2:0:d2::1/64 dev wide nodad; ip link set wide up
far ip addr add 198.18.210.2/24 dev back; far ip addr add 2001:2:0:d2::2/64 dev back nodad; far ip link set back up
far ip route add default via 198.18.210.1; far ip -6 route add default via 2001:2:0:d2::1
far sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
far ip link add narrow type veth peer name narrow netns $end
far ip addr add 198.18.211.1/24 dev narrow; far ip addr add 2001:2:0:d3::1/64 dev narrow nodad
far ip link set narrow mtu 1300 up
end ip addr add 198.18.211.2/24 dev narrow; end ip addr add 2001:2:0:d3::2/64 dev narrow nodad
end ip link set narrow mtu 1300 up
end ip route add default via 198.18.211.1; end ip -6 route add default via 2001:2:0:d3::1
ip route add 198.18.211.0/24 via 198.18.210.2; ip -6 route add 2001:2:0:d3::/64 via 2001:2:0:d2::2
# Many tests trace from one pod at once: without this, ICMP errors would be missing (net.ipv4.icmp_ratelimit).
unlimited='echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit'
sh -c "$unlimited"; far sh -c "$unlimited"; end sh -c "$unlimited"
touch /tmp/ready
wait`;

/** The lines on a screen as they stand in the end: without what a spinner wrote before them, or after them. */
export function shownLines(screen: string): string[] {
  return screen.split(/\r?\n/).map((line) => {
    const [first = '', ...others] = line.split('\u001b[');
    const parts = [first, ...others.map((part) => part.replace(/^[0-9;?]*[A-Za-z]/, ''))];
    return parts.findLast((part) => part !== '') ?? '';
  });
}

/** Creates the router, and pods of these names whose way to what is behind it leads over it. */
export async function createRouted(namespace: string, ...names: string[]): Promise<void> {
  const securityContext = { privileged: true, runAsUser: 0 };
  const readinessProbe = { exec: { command: ['test', '-e', '/tmp/ready'] }, periodSeconds: 1 };
  const command = ['sh', '-ec', routing];
  const main = { name: 'main', image: images.toolbox, command, securityContext, readinessProbe };
  await createReady(namespace, podManifest('router', { spec: { containers: [main] } }));
  const { status } = await getPod(namespace, 'router');
  const [ipv4 = '', ipv6 = ''] = (status?.podIPs ?? []).map(({ ip }) => ip);
  const routes = `ip route add 198.18.210.0/23 via ${ipv4}; ip -6 route add 2001:2:0:d2::/63 via ${ipv6}`;
  await createReady(namespace, ...names.map((name) => serverPod(name, { spec: prepared(routes) })));
}
