// SPDX-License-Identifier: Apache-2.0
import { node1, unusedPodAddress } from '../cluster/addresses.js';

/** A command that is shown, what is said before it, and how it ends when everything is as it should be. */
export interface Scene {
  text: string;
  /** The words after `kubectl`. */
  args: readonly string[];
  exitCode: number;
}

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
    args: netmachinery(`ping -n shop deploy/web --count 3 pod/dropper ${unusedPodAddress}`),
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
  {
    text: 'What is to be reachable, and what is not, stands in a file, and CI proves it: see examples/network-test/shop.yaml.',
    args: netmachinery('run -f examples/network-test/shop.yaml'),
    exitCode: 0,
  },
  {
    text: `Small probers, in ephemeral containers that end by themselves, measure each other once a second: nothing is rolled
out for it. "inject" without --ephemeral makes them sidecars.`,
    args: netmachinery('inject -n shop deploy/web deploy/api --ephemeral --duration 2m'),
    exitCode: 0,
  },
  {
    text: `The second node's kernel can make packets late. How long does an echo from its pod take?`,
    args: netmachinery('ping -n shop on-node2 dropper'),
    exitCode: 0,
  },
  {
    text: `Now what the pod sends is 100 ms late and a twentieth is lost, for a few seconds. It is measured before and
during, and ends by itself: in the pod, even if this machine were switched off meanwhile.`,
    args: netmachinery('shape -n shop on-node2 --delay 100ms --loss 5% --verify-to pod/dropper --duration 10s'),
    exitCode: 0,
  },
  {
    text: 'The probers have measured meanwhile: who reaches whom, and how fast?',
    args: netmachinery('mesh -n shop'),
    exitCode: 0,
  },
  {
    text: 'The same for one peer only, as long as a command of ours takes: one destination is late, the other is not.',
    args: netmachinery(
      'shape -n shop on-node2 --delay 100ms --peer pod/dropper -- ping -n shop on-node2 dropper bank/pod/db-0',
    ),
    exitCode: 0,
  },
  {
    text: `The first node's kernel can limit a rate, lose packets and cut them off, but delay nothing: it says so, and
touches nothing.`,
    args: netmachinery('shape -n shop deploy/web --delay 100ms --duration 10s'),
    exitCode: 5,
  },
  {
    text: 'A rate it can: it is measured as well, and taken back.',
    args: netmachinery('shape -n shop deploy/web --rate 10mbit --verify-to pod/dropper --duration 15s'),
    exitCode: 0,
  },
  {
    text: 'Nothing is left of it.',
    args: netmachinery('shape list -A'),
    exitCode: 0,
  },
  {
    text: `Does the network of the whole cluster work? For a minute there are agents on both nodes, in the pod network and
in the nodes' own; they probe each other, DNS, the API server and a Service, and are removed again.`,
    args: netmachinery('check --yes'),
    exitCode: 0,
  },
];
