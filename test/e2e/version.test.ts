// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { netmachinery } from './cli.js';
import { images, kubectl } from './kubectl.js';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const env = { NETMACHINERY_IMAGE: images.toolbox };
const nowhere = ['--server', 'https://127.0.0.1:1'];

describe('version', () => {
  it("is ours, the image that would be used and the server's, as kubectl knows it", async () => {
    const { exitCode, stdout, stderr } = await netmachinery(['version'], { env });
    const { serverVersion } = JSON.parse(await kubectl(['version', '-o', 'json'])) as {
      serverVersion: { gitVersion: string };
    };
    expect(stdout).toMatch(/^Client Version: v\d+\.\d+\.\d+\n/);
    expect(stdout).toContain(`\nImage: ${images.toolbox}\n`);
    expect(stdout).toContain(`\nServer Version: ${serverVersion.gitVersion}\n`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('--client is the same whether the framework is loaded for it or not', async () => {
    for (const image of [undefined, '', images.busybox, `tools.example/x@${digest}`]) {
      const options = { env: { NETMACHINERY_IMAGE: image, KUBECONFIG: '/nowhere' } };
      const [fast, slow] = await Promise.all([
        netmachinery(['version', '--client'], options),
        netmachinery(['version', '--client', '-v', '0'], options),
      ]);
      expect(fast.stdout).toContain(`Image: ${image || 'docker.io/nicolaka/netshoot:'}`);
      expect(slow).toMatchObject({ stdout: fast.stdout, stderr: '', exitCode: 0 });
    }
  });

  it('as an object has the digest where the reference does', async () => {
    const image = `tools.example/x@${digest}`;
    const { stdout } = await netmachinery(['version', '--image', image, '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ image, imageDigest: digest });
    const { stdout: yaml } = await netmachinery(['version', '--client', '--image', image, '-o', 'yaml']);
    expect(yaml).toContain(`imageDigest: ${digest}`);
    expect(yaml).not.toContain('serverVersion');
  });

  it('prints ours and then the error where no server answers', async () => {
    const { exitCode, stdout, stderr } = await netmachinery(['version', ...nowhere], { env });
    expect(stdout).toMatch(/^Client Version: v\S+\nImage: \S+\n$/);
    expect(stderr).toMatch(/^error: The connection to the server 127\.0\.0\.1:1 was refused/);
    expect(exitCode).toBe(3);
  });

  it('asks nothing that not everybody may ask, and says nothing of what it may not read', async () => {
    const { exitCode, stdout, stderr } = await netmachinery(['version', '--as', 'jane'], { env });
    expect(stdout).toContain('Server Version: ');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});
