// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { LiveOptions } from '../injection/live/planned.js';
import type { InjectionOptions } from '../injection/sidecar.js';
import { isDnsLabel } from '../targets/names.js';
import { quote } from '../targets/quote.js';
import { agentImage } from './flags/agents.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';

/** Those that `inject` and `uninject` have in common, as they were parsed. Times in ms. */
export interface UninjectFlags extends KubernetesFlagValues {
  filename?: string[] | undefined;
  selector?: string | undefined;
  recreate: boolean;
  ephemeral: boolean;
  'max-pods': number;
  timeout: number;
  'no-wait': boolean;
  'dry-run': string;
  output?: string | undefined;
}

/** The flags of `inject`, as they were parsed. Times in ms. */
export interface InjectFlags extends UninjectFlags {
  mesh: string;
  period?: number | undefined;
  neighbours: number;
  'ping-port': number;
  'metrics-port': number;
  'native-sidecar'?: string | undefined;
  static: boolean;
  'agents-only': boolean;
  'agent-image'?: string | undefined;
  duration: number;
}

/** What the sidecar is to be like, but for the ConfigMap, which goes by the namespace. Throws Failure `usage`. */
export function injectionOptions(flags: InjectFlags, native: boolean): Omit<InjectionOptions, 'configMap'> {
  if (!isDnsLabel(flags.mesh)) {
    throw new Failure('usage', `${quote(flags.mesh)} can not be the name of a mesh`, {
      hint: 'lower-case letters, digits and -, at most 63',
    });
  }
  return {
    agentImage: agentImage(flags),
    mesh: flags.mesh,
    native,
    pingPort: flags['ping-port'],
    metricsPort: flags['metrics-port'],
    neighbours: flags.neighbours,
  };
}

export function liveOptions(flags: UninjectFlags, signal: AbortSignal): LiveOptions {
  return {
    dryRun: flags['dry-run'] as LiveOptions['dryRun'],
    wait: !flags['no-wait'],
    timeoutMs: flags.timeout,
    signal,
  };
}
