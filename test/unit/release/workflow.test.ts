// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { platforms } from '../../../scripts/release/platforms.js';

interface Job {
  needs?: string | string[];
  permissions?: Record<string, string>;
  strategy?: { matrix: { include: { platform: string }[] } };
  steps: { uses?: string; run?: string; with?: Record<string, unknown> }[];
}

const text = readFileSync(join(import.meta.dirname, '../../../.github/workflows/release.yml'), 'utf8');
const { jobs, permissions } = parse(text) as { jobs: Record<string, Job>; permissions: Record<string, string> };

/** Jobs that others can see something of afterwards. */
const publishing = ['publish', 'krew', 'npm', 'agent-image'];
/** Jobs that look at what is to be published. */
const checking = Object.keys(jobs).filter((name) => !publishing.includes(name));

/** The jobs that are over before one begins. */
function before(name: string): Set<string> {
  const needs = [jobs[name]?.needs ?? []].flat();
  return new Set([...needs, ...needs.flatMap((need) => [...before(need)])]);
}

describe('the release workflow', () => {
  it.each(publishing)('begins %s when everything has been looked at', (name) => {
    expect([...before(name)]).toEqual(expect.arrayContaining(checking));
  });

  it('may write nowhere but where it publishes, and runs no package of npm there', () => {
    expect(permissions).toEqual({ contents: 'read' });
    const writing = Object.entries(jobs).filter(
      ([, job]) => Object.values(job.permissions ?? {}).includes('write') || JSON.stringify(job).includes('secrets.'),
    );
    expect(writing.map(([name]) => name)).toEqual(['publish', 'npm', 'agent-image']);
    const runs = writing.flatMap(([, { steps }]) => steps.flatMap(({ run = '' }) => run.split('\n')));
    expect(runs.filter((line) => /\bnpm (?:ci|run|test|x)\b|\bnpx\b/.test(line))).toEqual([]);
  });

  it('starts an executable of each platform', () => {
    const started = ['start', 'start-musl'].flatMap((name) => jobs[name]?.strategy?.matrix.include ?? []);
    expect(started.map(({ platform }) => platform).sort()).toEqual(platforms.map(({ name }) => name).sort());
  });

  it('names the actions of others by their commits', () => {
    const actions = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    expect(actions.length).toBeGreaterThan(10);
    expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });
});
