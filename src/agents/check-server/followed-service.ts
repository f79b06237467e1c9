// SPDX-License-Identifier: Apache-2.0
import type { RosterService } from '../../connectivity/roster.js';
import { rosterService } from '../../connectivity/roster-service.js';
import type { Informer } from '../../kube/informer.js';
import type { EndpointSlice, Service } from '../../kube/objects.js';

/** A Service and what is behind it, kept current by watches: the first that is found. */
export class FollowedService {
  constructor(
    private readonly services: Informer<Service, Service>,
    private readonly slices: Informer<EndpointSlice, EndpointSlice>,
  ) {}

  /** What there is to reach of it; undefined where there is none, or nothing of it can be reached. */
  roster(speaks: { tls?: boolean } = {}): RosterService | undefined {
    const [service] = this.services.items.values();
    if (service === undefined) return undefined;
    const own = [...this.slices.items.values()].filter(
      ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name,
    );
    try {
      return { ...rosterService(service, own), ...speaks };
    } catch {
      // One without ports cannot be reached.
      return undefined;
    }
  }
}
