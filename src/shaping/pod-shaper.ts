// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { Failure } from '../errors/failure.js';
import type { ShapeRecord } from '../model/shaping.js';
import { compactScript } from '../probes/remote-script.js';
import { packPlan, type PackedPlan } from './pack-plan.js';
import { parseHosts, parseInspection } from './parse-inspection.js';
import { parseNetwork } from './parse-network.js';
import { parseSections, restOf, type Section } from './parse-sections.js';
import type { PlanChange, PodInspection, PodNetwork, ShapePlan } from './pod-network.js';
import clearScript from './remote/clear.sh';
import inspectScript from './remote/inspect.sh';
import installScript from './remote/install.sh';
import keeperScript from './remote/keeper.sh';
import lookScript from './remote/look.sh';
import networkScript from './remote/network.sh';
import planScript from './remote/plan.sh';
import requestScript from './remote/request.sh';
import resolveHostsScript from './remote/resolve-hosts.sh';
import resolveScript from './remote/resolve.sh';
import stageScript from './remote/stage.sh';
import stateScript from './remote/state.sh';
import undoScript from './remote/undo.sh';
import { markOf } from './shape-mark.js';

/** Executes a command in a pod's admin container; it is ended after `limitMs`. Throws Failure where it could not be executed. */
export type RunInPod = (
  argv: readonly string[],
  limitMs: number,
) => Promise<{ exitCode: number; stdout: string; stderr: string }>;

export type InstallOutcome =
  | { outcome: 'installed'; network: PodNetwork }
  /** A shape of ours is there; `record` where its keeper lives in this container. */
  | { outcome: 'taken'; record?: ShapeRecord }
  | { outcome: 'foreign'; what: string }
  /** All is undone, or `message` says what is not. */
  | { outcome: 'failed'; message: string };

/** Generous, because a slow node may take long for it; what hangs ends all the same. */
const limitMs = 60_000;
const tokenForm = /^[A-Za-z0-9-]{1,64}$/;

/** What is done to a pod's network, from one tool container of it. Nothing is changed without a keeper that will undo it. */
export class PodShaper {
  readonly #runInPod: RunInPod;

  constructor(run: RunInPod) {
    this.#runInPod = run;
  }

  /** Tries what the kernel can do. Throws Failure `tool`, reason ToolMissing, where ip or tc is not in the image. */
  async inspect(hosts: readonly string[]): Promise<PodInspection> {
    const name = randomBytes(2).toString('hex');
    const scripts = [networkScript, resolveScript, inspectScript];
    return parseInspection(await this.#sections('inspect', scripts, [name, ...hosts]), hosts);
  }

  /** The addresses that host names have now, as the pod resolves them; none for a name that it cannot resolve. */
  async resolve(hosts: readonly string[]): Promise<PodInspection['hosts']> {
    return parseHosts(await this.#sections('resolve', [resolveScript, resolveHostsScript], hosts), hosts);
  }

  /** Reads the network; needs no capability. */
  async look(): Promise<PodNetwork> {
    return parseNetwork(await this.#sections('look', [networkScript, lookScript], []));
  }

  /** Puts a shape in place that ends by itself `seconds` from then. */
  async install(plan: ShapePlan, record: ShapeRecord, seconds: number): Promise<InstallOutcome> {
    const mark = markOf(record.token);
    const packed = packPlan({ ...plan, root: `${plan.root} r2q ${mark}` }, record);
    const scripts = [networkScript, planScript, installScript];
    const sections = await this.#run('install', scripts, [
      compactScript(stateScript),
      compactScript(undoScript + keeperScript),
      asToken(record.token),
      wholeSeconds(seconds),
      plan.interface,
      String(mark),
      await this.#send(packed, record),
    ]);
    const [outcome, ...words] = (restOf(sections, 'outcome') ?? '').split(' ');
    const network = parseNetwork(sections);
    if (outcome === 'installed') return { outcome, network };
    if (outcome === 'taken')
      return network.shape === undefined ? { outcome } : { outcome, record: network.shape.record };
    if (outcome === 'foreign') return { outcome, what: words.join(' ') };
    return { outcome: 'failed', message: words.join(' ').trim() };
  }

  /**
   * Changes a shape in place and starts its time anew; queued packets survive. A change that fails ends the shape: all is
   * undone then.
   */
  async change(
    token: string,
    change: PlanChange,
    record: ShapeRecord,
    seconds: number,
  ): Promise<'changed' | 'gone' | { failed: string }> {
    asToken(record.token);
    const plan = await this.#send(packPlan(change, record), { ...record, token });
    const answer = await this.#request('change', token, seconds, plan);
    if (answer === 'changed' || answer === 'gone') return answer;
    return { failed: answer.replace(/^failed */, '') };
  }

  /** Lets a shape end so many seconds from now. */
  async renew(token: string, seconds: number): Promise<'renewed' | 'gone'> {
    return (await this.#request('renew', token, seconds, '')) === 'renewed' ? 'renewed' : 'gone';
  }

  /**
   * Removes the shape of this token, or whatever is ours, and proves it by reading back. Throws Failure `tool`, reason
   * NotCleared, where something is left.
   */
  async clear(
    token: string | undefined,
  ): Promise<{ cleared: 'cleared' | 'nothing' | 'others'; network: PodNetwork; before: PodNetwork }> {
    const words = token === undefined ? ['', ''] : [asToken(token), String(markOf(token))];
    const sections = await this.#sections('clear', [networkScript, undoScript, clearScript], words);
    const left = sections.filter(({ name }) => name === 'left').map(({ rest }) => rest);
    if (left.length > 0) {
      throw new Failure('tool', `this could not be removed: ${left.join(', ')}`, { reason: 'NotCleared' });
    }
    const cleared = restOf(sections, 'cleared');
    const after = sections.findIndex(({ name }) => name === 'after');
    return {
      cleared: cleared === 'cleared' || cleared === 'others' ? cleared : 'nothing',
      before: parseNetwork(sections.slice(0, after)),
      network: parseNetwork(sections.slice(after)),
    };
  }

  async #request(verb: 'renew' | 'change', token: string, seconds: number, plan: string): Promise<string> {
    const words = [verb, asToken(token), wholeSeconds(seconds), plan];
    return restOf(await this.#sections('request', [planScript, requestScript], words), 'answer') ?? '';
  }

  /** Sends the pieces of a long plan ahead. Resolves with what its script is given for it: nothing then. */
  async #send(packed: PackedPlan, { token }: Pick<ShapeRecord, 'token'>): Promise<string> {
    if ('inline' in packed) return packed.inline;
    for (const [index, piece] of packed.pieces.entries()) {
      await this.#sections('stage', [stageScript], [token, index === 0 ? 'first' : 'next', piece]);
    }
    return '';
  }

  async #sections(what: string, scripts: readonly string[], words: readonly string[]): Promise<Section[]> {
    return this.#run(what, [stateScript, ...scripts], words);
  }

  /** Runs scripts one behind the other, as one. */
  async #run(what: string, scripts: readonly string[], words: readonly string[]): Promise<Section[]> {
    const script = compactScript(scripts.join(''));
    const { exitCode, stdout, stderr } = await this.#runInPod(
      ['sh', '-c', script, `netmachinery-${what}`, ...words],
      limitMs,
    );
    const sections = parseSections(stdout);
    const lacking = sections.filter(({ name }) => name === 'lacking').map(({ rest }) => rest);
    if (lacking.length > 0) {
      throw new Failure('tool', `${lacking.join(' and ')} missing in the tool image`, {
        reason: 'ToolMissing',
        hint: 'shaping needs ip and tc of iproute2, nft on nodes without netem, and setsid; --image names another image',
      });
    }
    if (sections.at(-1)?.name !== 'end') {
      const words = stderr.trim().split('\n').at(-1) ?? '';
      throw new Failure(
        'tool',
        `the ${what} script ended early with exit code ${exitCode}${words === '' ? '' : `: ${words}`}`,
        {
          reason: 'ToolContainerFailed',
        },
      );
    }
    return sections;
  }
}

function wholeSeconds(seconds: number): string {
  return String(Math.max(1, Math.ceil(seconds)));
}

/** Tokens become names of folders. */
function asToken(token: string): string {
  if (!tokenForm.test(token)) throw new Failure('bug', `"${token}" is no token of a shape`);
  return token;
}
