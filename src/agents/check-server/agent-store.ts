// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { asFailure } from '../../errors/failure.js';
import type { Cluster } from '../../kube/cluster.js';
import type { KubeObject } from '../../kube/objects.js';
import { agentNetworks, checkLabel, checkServerName, type AgentNetwork } from '../../model/check.js';
import type { AgentRecord } from './agent-record.js';
import { checkAgentsPath, checkAgentVersion, type CheckPlace } from './place.js';

/** Requests to the API server at once. */
const writesAtOnce = 16;
const longestName = 253;
const page = 200;
const options = { query: { fieldManager: checkServerName } };

interface CheckAgentObject extends KubeObject {
  spec?: { node?: string; network?: string };
  status?: Partial<AgentRecord>;
}

/** The name of the CheckAgent of an agent: `NODE.NETWORK`, shortened by a hash where that is no name any more. */
function checkAgentName(node: string, network: AgentNetwork): string {
  const name = `${node}.${network}`;
  if (name.length <= longestName) return name;
  const hash = createHash('sha256').update(node).digest('hex').slice(0, 16);
  return `${node.slice(0, 200).replace(/[^a-z0-9]+$/, '')}-${hash}.${network}`;
}

/** The records of agents in the Kubernetes API, an object each. Methods throw as Cluster does. */
export class AgentStore {
  private readonly limit = pLimit(writesAtOnce);
  private readonly path: string;

  constructor(
    private readonly cluster: Cluster,
    place: CheckPlace,
    private readonly onWritten: (result: 'ok' | 'failed') => void,
  ) {
    this.path = checkAgentsPath(place);
  }

  async *all(signal: AbortSignal): AsyncGenerator<AgentRecord> {
    for await (const objects of this.cluster.list<CheckAgentObject>(this.path, { signal, limit: page })) {
      for (const { spec, status } of objects) {
        const network = agentNetworks.find((each) => each === spec?.network);
        if (spec?.node === undefined || network === undefined) continue;
        const known = { outages: [], reports: 0, missed: 0, ...status };
        yield { ...known, node: spec.node, network };
      }
    }
  }

  /** Writes the whole of a record, whatever is there. */
  write(record: AgentRecord, signal: AbortSignal): Promise<void> {
    return this.counted(() => this.put(record, signal));
  }

  /** One that is not there is no failure. */
  remove(record: AgentRecord, signal: AbortSignal): Promise<void> {
    const path = `${this.path}/${checkAgentName(record.node, record.network)}`;
    return this.counted(() =>
      this.cluster.delete(path, { signal }).catch((thrown: unknown) => {
        if (asFailure(thrown).status !== 404) throw thrown;
      }),
    );
  }

  private async counted(work: () => Promise<void>): Promise<void> {
    try {
      await this.limit(work);
      this.onWritten('ok');
    } catch (thrown) {
      if (asFailure(thrown).code !== 'interrupted') this.onWritten('failed');
      throw thrown;
    }
  }

  private async put(record: AgentRecord, signal: AbortSignal): Promise<void> {
    const { node, network, ...status } = record;
    const name = checkAgentName(node, network);
    const spec = { node, network };
    // Whole fields: a merge would keep what is no longer there.
    const change = [
      { op: 'add', path: '/spec', value: spec },
      { op: 'add', path: '/status', value: status },
    ];
    const replace = () => this.cluster.patch(`${this.path}/${name}`, 'json', change, { ...options, signal });
    try {
      await replace();
      return;
    } catch (thrown) {
      if (asFailure(thrown).status !== 404) throw thrown;
    }
    const labels = { 'app.kubernetes.io/managed-by': 'netmachinery', [checkLabel]: 'installed' };
    const object = { apiVersion: checkAgentVersion, kind: 'CheckAgent', metadata: { name, labels }, spec, status };
    try {
      await this.cluster.create(this.path, object, { ...options, signal });
    } catch (thrown) {
      // A leader before us was still writing.
      if (asFailure(thrown).status !== 409) throw thrown;
      await replace();
    }
  }
}
