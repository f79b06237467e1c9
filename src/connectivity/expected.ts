// SPDX-License-Identifier: Apache-2.0
import type { Node } from '../kube/objects.js';

/** Which nodes are to have agents. */
export interface NodeSelection {
  /** Labels that a node must have. */
  nodeSelector: Readonly<Record<string, string>>;
  /** As Kubernetes has them; where there are none every taint is tolerated. */
  tolerations: readonly object[];
  /** Also nodes that are cordoned. */
  includeUnschedulable: boolean;
}

/** A node that is to have agents, and what explains that it has none. */
export interface ExpectedNode {
  name: string;
  isReady: boolean;
  isCordoned: boolean;
  /** `NotReady: kubelet stopped posting node status`, `cordoned`; undefined where all is well. */
  condition: string | undefined;
}

type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
}

const repelling = new Set(['NoSchedule', 'NoExecute']);

/**
 * The taints that the DaemonSet controller tolerates for its pods (pkg/controller/daemon/util.AddOrUpdateDaemonPodTolerations); that of the network
 * only for pods in the node's own network, but a node without a network is what a check is to find.
 */
const toleratedByDaemons = new Set(
  [
    'not-ready',
    'unreachable',
    'disk-pressure',
    'memory-pressure',
    'pid-pressure',
    'unschedulable',
    'network-unavailable',
  ].map((word) => `node.kubernetes.io/${word}`),
);

/** The chosen Linux nodes, by name. */
export function expectedNodes(nodes: readonly Node[], selection: NodeSelection): ExpectedNode[] {
  return nodes
    .filter((node) => isChosen(node, selection))
    .map(expectedNode)
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function isChosen({ metadata, spec, status }: Node, selection: NodeSelection): boolean {
  const { labels = {}, deletionTimestamp } = metadata;
  if (deletionTimestamp !== undefined) return false;
  if ((labels['kubernetes.io/os'] ?? status?.nodeInfo?.operatingSystem) !== 'linux') return false;
  if (!Object.entries(selection.nodeSelector).every(([key, value]) => labels[key] === value)) return false;
  if (spec?.unschedulable === true && !selection.includeUnschedulable) return false;
  const { tolerations } = selection;
  return (spec?.taints ?? []).every(
    (taint) =>
      !repelling.has(taint.effect) ||
      toleratedByDaemons.has(taint.key) ||
      tolerations.length === 0 ||
      tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

/** As Kubernetes does (core/v1 Toleration.ToleratesTaint): an empty key or effect matches all, and no operator means Equal. */
function tolerates({ key = '', operator = '', value = '', effect = '' }: Toleration, taint: Taint): boolean {
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return key !== '' && (operator === '' || operator === 'Equal') && value === (taint.value ?? '');
}

function expectedNode({ metadata, spec, status }: Node): ExpectedNode {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const isReady = ready?.status === 'True';
  const isCordoned = spec?.unschedulable === true;
  const why = ready === undefined ? 'the kubelet has not posted its status' : (ready.message ?? ready.reason);
  const words = [
    ...(isReady ? [] : [`NotReady${why === undefined ? '' : `: ${oneLine(why)}`}`]),
    ...(isCordoned ? ['cordoned'] : []),
  ];
  return { name: metadata.name, isReady, isCordoned, condition: words.length === 0 ? undefined : words.join(', ') };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
}
