// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import { checkAgentName, checkAudience } from '../../model/check.js';
import type { CheckPlace } from './place.js';
import { VerdictCache } from './verdict-cache.js';

const agentHoldsMs = 60_000;
const readerHoldsMs = 10_000;
const mostAgents = 16_384;
const mostReaders = 1024;
const askMs = 10_000;

interface UserInfo {
  username?: string;
  uid?: string;
  groups?: string[];
  extra?: Record<string, string[]>;
}

interface TokenReview {
  status?: { authenticated?: boolean; audiences?: string[]; user?: UserInfo };
}

interface SubjectAccessReview {
  status?: { allowed?: boolean };
}

/** Whose pod a token is of. */
interface TokenPod {
  namespace: string;
  pod: string;
}

/** What a token says: nobody is known by it, somebody who may not do this, or who. */
export type AgentVerdict = 'unknown' | 'other' | TokenPod;
export type ReaderVerdict = 'unknown' | 'denied' | 'allowed';

/** Who calls, by their tokens. Methods throw as Cluster does where the API server cannot be asked. */
export class Callers {
  private readonly agents: VerdictCache<AgentVerdict>;
  private readonly readers: VerdictCache<ReaderVerdict>;

  constructor(
    private readonly cluster: Cluster,
    private readonly place: CheckPlace,
  ) {
    this.agents = new VerdictCache((token) => this.askAgent(token), agentHoldsMs, mostAgents);
    this.readers = new VerdictCache((token) => this.askReader(token), readerHoldsMs, mostReaders);
  }

  agent(token: string): Promise<AgentVerdict> {
    return this.agents.of(token);
  }

  /** Whether its user may get CheckAgents. */
  reader(token: string): Promise<ReaderVerdict> {
    return this.readers.of(token);
  }

  private async askAgent(token: string): Promise<AgentVerdict> {
    const user = await this.userOf(token, [checkAudience]);
    if (user === undefined) return 'unknown';
    const { namespace, hostNamespace } = this.place;
    const own = [namespace, hostNamespace].find(
      (each) => each !== undefined && user.username === `system:serviceaccount:${each}:${checkAgentName}`,
    );
    // KEP-1205: a token that is bound to a pod says to which.
    const [pod] = user.extra?.['authentication.kubernetes.io/pod-name'] ?? [];
    return own === undefined || pod === undefined ? 'other' : { namespace: own, pod };
  }

  private async askReader(token: string): Promise<ReaderVerdict> {
    const user = await this.userOf(token, undefined);
    if (user === undefined) return 'unknown';
    const { username, groups, uid, extra } = user;
    const review = await this.ask<SubjectAccessReview>('authorization.k8s.io/v1', 'SubjectAccessReview', {
      user: username,
      groups,
      uid,
      extra,
      resourceAttributes: {
        group: 'netmachinery.io',
        resource: 'checkagents',
        verb: 'get',
        namespace: this.place.namespace,
      },
    });
    return review.status?.allowed === true ? 'allowed' : 'denied';
  }

  private async userOf(token: string, audiences: string[] | undefined): Promise<UserInfo | undefined> {
    const spec = { token, ...(audiences === undefined ? {} : { audiences }) };
    const { status } = await this.ask<TokenReview>('authentication.k8s.io/v1', 'TokenReview', spec);
    const isMeant = audiences === undefined || audiences.some((each) => status?.audiences?.includes(each) === true);
    return status?.authenticated === true && isMeant ? status.user : undefined;
  }

  private ask<T>(apiVersion: string, kind: string, spec: object): Promise<T> {
    const signal = AbortSignal.timeout(askMs);
    return this.cluster.create<T>(`/apis/${apiVersion}/${kind.toLowerCase()}s`, { apiVersion, kind, spec }, { signal });
  }
}
