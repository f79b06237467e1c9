// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Effects } from '../model/shaping.js';
import { describeEffects } from './describe-effects.js';
import type { KernelFeature, PodInspection } from './pod-network.js';

/** The kernel's module for each feature, as modprobe(8) takes it. */
const modules: Readonly<Record<KernelFeature, string>> = {
  htb: 'sch_htb',
  netem: 'sch_netem',
  tbf: 'sch_tbf',
  u32: 'cls_u32',
  ingress: 'sch_ingress',
  mirred: 'act_mirred',
  ifb: 'ifb',
  nft: 'nf_tables',
  nftNumgen: 'nft_numgen',
};

/**
 * The refusal where a kernel cannot do what is asked, for each way that would have done it the features that it lacks, the
 * best way first. The caller knows the node's name and puts it before the message.
 */
export function kernelLacks(
  effects: Effects,
  lacking: readonly (readonly KernelFeature[])[],
  { kernel, missing }: Pick<PodInspection, 'kernel' | 'missing'>,
): Failure {
  const features = lacking[0] ?? [];
  const names = features.map((feature) => modules[feature]);
  const words = features.map((feature) => missing.get(feature)).find((text) => text !== undefined && text !== '');
  const said = words === undefined ? '' : ` (${words.trim().replace(/\s+/g, ' ')})`;
  return new Failure(
    'unsupported',
    `kernel ${kernel} cannot do ${describeEffects(effects)}: it lacks ${names.join(', ')}${said}`,
    {
      reason: 'KernelLacksSupport',
      hint: `an administrator of the node may load it: modprobe ${names.length > 1 ? '-a ' : ''}${names.join(' ')} (on RHEL and its kin after installing kernel-modules-extra)${
        features.includes('netem') ? '; without netem, --rate, --loss PERCENT and --partition can be done' : ''
      }`,
    },
  );
}
