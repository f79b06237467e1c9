// SPDX-License-Identifier: Apache-2.0
import { Flags } from '@oclif/core';
import { configPath } from '../../config-path.js';
import { Failure } from '../../errors/failure.js';
import { agentImageVariable } from '../../model/prober.js';
import { settingFlag } from './setting-flag.js';

/** Of `inject` and whatever else runs our programs in the cluster. There is no default: nobody publishes such an image for others. */
export const agentImageFlag = settingFlag('agentImage', {
  helpGroup: 'AGENTS',
  summary: 'Image of the prober and of the agents, built from images/agent/Dockerfile',
});

/** The image that was asked for. Throws Failure `usage`, with how to make one, where none was. */
export function agentImage(flags: { 'agent-image'?: string | undefined }): string {
  const image = flags['agent-image']?.trim() ?? '';
  if (image === '') {
    throw new Failure(
      'usage',
      `no agent image: give --agent-image IMAGE, or set ${agentImageVariable}, or agentImage in ${configPath(process.env)}`,
      {
        hint: 'build it from a checkout of the project and push it to a registry that your nodes pull from',
        remedy: [
          'docker build -f images/agent/Dockerfile -t REGISTRY/netmachinery-agent:1 .',
          'docker push REGISTRY/netmachinery-agent:1',
          `export ${agentImageVariable}=REGISTRY/netmachinery-agent:1`,
          '',
        ].join('\n'),
      },
    );
  }
  return image;
}

const group = 'AGENTS';

/** How the controller and the webhook are installed, where they are not there. */
export const installationFlags = {
  'agent-image': agentImageFlag,
  'controller-image': settingFlag('controllerImage', {
    helpGroup: group,
    summary: 'Image of the controller and the webhook, where it is another than that of the prober',
  }),
  'allow-image': Flags.string({
    helpGroup: group,
    helpValue: 'IMAGE',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'An image that NetworkProbers of all namespaces may name as their agentImage',
  }),
  'cert-manager': Flags.boolean({
    helpGroup: group,
    summary: "The webhook's certificate comes from cert-manager; else the controller makes and renews it",
  }),
};
