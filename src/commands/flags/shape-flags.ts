// SPDX-License-Identifier: Apache-2.0
import type { ToolFlags } from '../tool-options.js';
import type { KubernetesFlagValues } from './kubernetes.js';

/** The flags of `shape`, as they were parsed. Times in ms. */
export interface ShapeFlags extends KubernetesFlagValues, ToolFlags {
  delay?: string | undefined;
  jitter?: string | undefined;
  correlation?: string | undefined;
  distribution?: string | undefined;
  loss?: string | undefined;
  'loss-correlation'?: string | undefined;
  duplicate?: string | undefined;
  'duplicate-correlation'?: string | undefined;
  corrupt?: string | undefined;
  'corrupt-correlation'?: string | undefined;
  reorder?: string | undefined;
  'reorder-correlation'?: string | undefined;
  gap?: string | undefined;
  rate?: string | undefined;
  limit?: string | undefined;
  slot?: string | undefined;
  partition: boolean;
  peer?: string[] | undefined;
  exclude?: string[] | undefined;
  port?: string[] | undefined;
  'source-port'?: string[] | undefined;
  'destination-port'?: string[] | undefined;
  protocol?: string | undefined;
  direction: string;
  interface?: string | undefined;
  follow: boolean;
  duration?: number | undefined;
  yes: boolean;
  detach: boolean;
  replace: boolean;
  force: boolean;
  'allow-host-network': boolean;
  'keep-going': boolean;
  'verify-to'?: string | undefined;
  'no-verify': boolean;
  'dry-run': string;
  filename?: string[] | undefined;
  selector?: string | undefined;
  mode: string;
  'max-pods': number;
  'from-node'?: string | undefined;
  output: string;
  'no-headers': boolean;
  color: string;
}
