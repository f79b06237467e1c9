// SPDX-License-Identifier: Apache-2.0
import { node1 } from '../cluster/addresses.js';

/** A command that is shown, what is said before it, and how it ends when everything is as it should be. */
export interface Scene {
  text: string;
  /** The words after `kubectl`. */
  args: readonly string[];
  exitCode: number;
}

/** In the range of the pods of node1, whose addresses are given out from below. */
const nobody = node1.podsIpv4.replace(/\d+\/\d+$/, '254');

function netmachinery(line: string): string[] {
  return ['netmachinery', ...line.split(' ')];
}

/** What the demo shows, on the workload of the test cluster. */
export const story: readonly Scene[] = [
  {
    text: 'In namespace shop there are two deployments that answer, each behind a Service, and a few odd pods.',
    args: ['get', 'deployments,services', '-n', 'shop'],
    exitCode: 0,
  },
  {
    text: `Does "web" reach the pods of Service "api", its node, and an address? The packets leave from the pod itself.
A Service's virtual address rarely answers ICMP, so the pods behind it are asked.`,
    args: netmachinery(`ping -n shop deploy/web svc/api node/node1 ${node1.ipv4}`),
    exitCode: 0,
  },
  {
    text: 'TCP: the Service by its virtual address and by each endpoint, a host name, a database in another namespace.',
    args: netmachinery('connect -n shop deploy/web svc/api:80 web.shop.svc.cluster.local:443 bank/svc/db:5432'),
    exitCode: 0,
  },
  {
    text: `Now what does not work, and why: a port that nobody listens on, one that a firewall drops, one that it rejects.`,
    args: netmachinery('connect -n shop deploy/web pod/dropper:8080 pod/dropper:81 pod/dropper:9999 pod/dropper:9997'),
    exitCode: 1,
  },
  {
    text: 'An address that no machine has: the network says so itself.',
    args: netmachinery(`ping -n shop deploy/web --count 3 pod/dropper ${nobody}`),
    exitCode: 1,
  },
  {
    text: 'UDP: port 53 gets a real DNS query, at the Service and at every server behind it.',
    args: netmachinery('connect -n shop deploy/web kube-system/svc/kube-dns:53 --protocol udp'),
    exitCode: 0,
  },
  {
    text: `Is the vault closed to "web"? Silence alone proves nothing, so the same port is tried from the vault's own pod
as well: only because it is reached from there does the denial count.`,
    args: netmachinery('connect -n shop deploy/web demo/pod/vault:5432 --expect deny --control destination'),
    exitCode: 0,
  },
  {
    text: `A NetworkPolicy of namespace bank is meant to keep shop away from the database. Does it? This cluster's network
plugin enforces no policy, and that comes to light.`,
    args: netmachinery('connect -n shop deploy/web bank/pod/db-0:5432 --expect deny --control none'),
    exitCode: 1,
  },
  {
    text: 'From every pod with a label, as a matrix.',
    args: netmachinery('ping -n shop -l app=web --mode all svc/api bank/pod/db-0 node/node1'),
    exitCode: 0,
  },
  {
    text: 'The same over TCP, with the port that is dropped: one look shows who reaches what.',
    args: netmachinery('connect -n shop -l app=web --mode all svc/api:80 bank/pod/db-0:5432 pod/dropper:9999'),
    exitCode: 1,
  },
];
