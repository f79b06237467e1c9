// SPDX-License-Identifier: Apache-2.0
import { execRule, pods, type ConditionalRule } from './conditional-rule.js';
import type { Needs } from './needs.js';

/** Destination pods themselves, and not a pod that is like them. */
const entersDestinations = ({ udpProof, bothDirections }: Needs) => udpProof || bothDirections;

/** What arrives in a pod shows in its own network only, so that a proof enters it also where probe pods send. */
const toolContainers = (needs: Needs) => !needs.ownContainer && (!needs.probePod || entersDestinations(needs));

const probePods = ({ probePod }: Needs) => probePod;

/** What it takes to work in pods with tool containers, or in containers that are there. */
const podEntryRules: readonly ConditionalRule[] = [
  {
    ...pods,
    resources: ['pods/ephemeralcontainers'],
    verbs: ['patch'],
    why: 'adding a tool container to a pod',
    when: toolContainers,
  },
  { ...pods, verbs: ['get'], why: 'seeing whether a tool container starts', when: toolContainers },
  { ...pods, verbs: ['watch'], why: 'seeing at once why it does not', hint: true },
];

const probePodRules: readonly ConditionalRule[] = [
  {
    ...pods,
    verbs: ['create', 'get', 'delete'],
    why: 'a probe pod beside the source, and its removal',
    when: probePods,
  },
  {
    ...pods,
    resources: ['services'],
    verbs: ['list'],
    why: 'seeing that no Service would send traffic to a probe pod',
    when: probePods,
  },
  {
    apiGroups: ['policy'],
    resources: ['poddisruptionbudgets'],
    verbs: ['list'],
    scope: 'namespace',
    why: 'saying that budgets do not count while a probe pod is there',
    when: probePods,
    hint: true,
  },
];

const commandRules: readonly ConditionalRule[] = [
  { ...execRule('running the tools'), when: ({ noExec }) => !noExec },
  {
    ...pods,
    resources: ['pods/log'],
    verbs: ['get'],
    why: 'reading results from logs',
    when: ({ noExec }) => noExec,
  },
];

/** What only makes messages of tests better. */
const testHintRules: readonly ConditionalRule[] = [
  { ...pods, verbs: ['list'], why: 'suggesting names that are near', hint: true },
  {
    ...pods,
    resources: ['events'],
    verbs: ['list'],
    why: "the kubelet's own words when a tool container does not start",
    hint: true,
  },
  {
    apiGroups: ['networking.k8s.io'],
    resources: ['networkpolicies'],
    verbs: ['list'],
    scope: 'namespace',
    why: 'saying what NetworkPolicies allow by their text',
    hint: true,
  },
  {
    apiGroups: [''],
    resources: ['nodes'],
    verbs: ['get'],
    scope: 'cluster',
    why: 'saying that a node is not Ready',
    hint: true,
  },
  {
    apiGroups: [''],
    resources: ['namespaces'],
    verbs: ['get'],
    scope: 'cluster',
    why: 'saying that a namespace does not exist; the labels that NetworkPolicies select namespaces by',
    hint: true,
  },
];

/** What the commands that make tests need beside what their targets do. */
export const testRules: readonly ConditionalRule[] = [
  ...podEntryRules,
  ...probePodRules,
  ...commandRules,
  ...testHintRules,
];

/**
 * What they need where only destinations are: those that a control starts in are entered as sources are, those of a proof of
 * arrival never through a probe pod.
 */
export function destinationRules(needs: Needs): readonly ConditionalRule[] {
  if (needs.control) return testRules;
  return entersDestinations(needs) ? [...podEntryRules, ...commandRules, ...testHintRules] : testHintRules;
}
