// SPDX-License-Identifier: Apache-2.0
import { Flags } from '@oclif/core';
import { durationFlag } from './duration.js';

const effects = 'EFFECTS';
const scope = 'SCOPE';
const shaping = 'SHAPING';
const multiple = { multiple: true, multipleNonGreedy: true } as const;

const percent = (summary: string) => Flags.string({ helpGroup: effects, helpValue: 'PERCENT', summary });

/** What is done to packets. */
export const effectFlags = {
  delay: Flags.string({
    helpGroup: effects,
    helpValue: 'TIME',
    aliases: ['time', 'latency'],
    summary: 'Packets wait this long: 100ms, 1s, 250us',
  }),
  jitter: Flags.string({
    helpGroup: effects,
    helpValue: 'TIME',
    summary: 'Packets wait by so much longer or shorter than --delay',
  }),
  correlation: percent("How much a packet's jitter depends on that of the packet before"),
  distribution: Flags.string({
    helpGroup: effects,
    options: ['normal', 'pareto', 'paretonormal'],
    summary: 'How jitter is distributed; without it evenly',
  }),
  loss: Flags.string({
    helpGroup: effects,
    helpValue: 'PERCENT|gemodel:P,R,1-H,1-K|state:P13,P31,P32,P23,P14',
    summary: 'Packets are dropped: each by itself, or in bursts as tc-netem(8) has them',
  }),
  'loss-correlation': percent('How much a loss depends on the one before it'),
  duplicate: percent('Packets are sent twice'),
  'duplicate-correlation': percent('How much duplicating one depends on the packet before'),
  corrupt: percent('Packets get a wrong bit'),
  'corrupt-correlation': percent('How much corrupting one depends on the packet before'),
  reorder: percent('Packets overtake those that wait; needs --delay'),
  'reorder-correlation': percent('How much reordering one depends on the packet before'),
  gap: Flags.string({ helpGroup: effects, helpValue: 'N', summary: 'Reorder every Nth packet' }),
  rate: Flags.string({ helpGroup: effects, helpValue: 'RATE', summary: 'Bits per second: 500kbit, 10mbit, 1gbit' }),
  limit: Flags.string({ helpGroup: effects, helpValue: 'PACKETS', summary: 'How many packets wait at most' }),
  slot: Flags.string({
    helpGroup: effects,
    helpValue: 'MIN[-MAX][,packets=N][,bytes=N]',
    summary: 'Packets wait for slots this far apart, as on radio links',
  }),
  partition: Flags.boolean({ helpGroup: effects, summary: 'Drop all packets' }),
};

/** Which packets. */
export const scopeFlags = {
  peer: Flags.string({
    helpGroup: scope,
    helpValue: 'DST',
    ...multiple,
    aliases: ['target'],
    summary: 'Only packets to (ingress: from) these: pods, workloads, Services, nodes, addresses, networks, host names',
  }),
  exclude: Flags.string({
    helpGroup: scope,
    helpValue: 'DST',
    ...multiple,
    summary: 'All packets but those to (ingress: from) these',
  }),
  port: Flags.string({
    helpGroup: scope,
    helpValue: 'PORT',
    ...multiple,
    summary: 'Only with this port on either side',
  }),
  'source-port': Flags.string({
    helpGroup: scope,
    helpValue: 'PORT',
    ...multiple,
    summary: 'Only packets from this port; with --direction both, incoming ones to it',
  }),
  'destination-port': Flags.string({
    helpGroup: scope,
    helpValue: 'PORT',
    ...multiple,
    summary: 'Only packets to this port; with --direction both, incoming ones from it',
  }),
  protocol: Flags.string({
    helpGroup: scope,
    options: ['tcp', 'udp', 'icmp'],
    summary: 'Only packets of this protocol',
  }),
  direction: Flags.string({
    helpGroup: scope,
    options: ['egress', 'ingress', 'both'],
    default: 'egress',
    summary: 'What the pods send, what they receive, or both',
  }),
  interface: Flags.string({
    helpGroup: scope,
    helpValue: 'NAME',
    summary: 'Network interface in the pod; without it that of the default route',
  }),
  follow: Flags.boolean({
    helpGroup: scope,
    exclusive: ['detach'],
    summary: 'Keep up with the addresses of peers while it lasts',
  }),
};

/** How long, and with which care. */
export const shapingFlags = {
  duration: durationFlag({
    flag: 'duration',
    helpGroup: shaping,
    helpValue: 'DURATION',
    minMs: 1000,
    summary: 'Ends after this time, whatever becomes of us [default: 1m]; over 1h needs --yes',
  }),
  yes: Flags.boolean({ char: 'y', helpGroup: shaping, summary: 'Allow a --duration of more than an hour' }),
  detach: Flags.boolean({
    helpGroup: shaping,
    summary: 'Return when the effect was measured; it ends by itself all the same',
  }),
  replace: Flags.boolean({
    helpGroup: shaping,
    summary: 'Change a shape that pods have already; its time begins anew',
  }),
  force: Flags.boolean({
    helpGroup: shaping,
    summary: "Shape although the kubelet's liveness or readiness probes would fail",
  }),
  'allow-host-network': Flags.boolean({
    helpGroup: shaping,
    summary: 'Shape also pods in the network of their node; needs --peer',
  }),
  'keep-going': Flags.boolean({ helpGroup: shaping, summary: 'Shape the pods that can be, instead of all or none' }),
  'verify-to': Flags.string({
    helpGroup: shaping,
    helpValue: 'DST',
    exclusive: ['no-verify'],
    summary: 'What the effect is measured against; without it the first peer, or another ready pod',
  }),
  'no-verify': Flags.boolean({ helpGroup: shaping, summary: 'Do not measure the effect' }),
  'dry-run': Flags.string({
    helpGroup: shaping,
    options: ['none', 'client', 'server'],
    default: 'none',
    summary: 'client: print the pods and the commands; server: ask whether it would be allowed',
  }),
  filename: Flags.string({
    char: 'f',
    helpGroup: shaping,
    helpValue: 'FILE',
    ...multiple,
    summary: 'NetworkTrafficShaper and NetworkChaos manifests: files, folders, or - for stdin',
  }),
};
