// SPDX-License-Identifier: Apache-2.0
import { asFailure, type Failure } from '../errors/failure.js';
import type { EntryContext } from '../runs/pod-entry.js';
import { settleAll } from '../runs/settle-all.js';
import { newRecord } from './new-record.js';
import type { PreparedShape } from './prepared-shape.js';
import { prepareShape } from './prepare-shape.js';
import { mayAnnotate } from './shape-annotation.js';
import type { ShapeRequest, ShapeTask } from './shape-request.js';

/** What no pod is to blame for, or no other pod could change. */
function concernsAll({ code, status }: Failure, keepGoing: boolean): boolean {
  const isNoPeer = code === 'notFound' && status === undefined;
  return ['bug', 'usage', 'interrupted', 'forbidden'].includes(code) || (isNoPeer && !keepGoing);
}

/** Prepares all pods at once. What single pods refuse is in the result; throws the Failure of what concerns all. */
export async function prepareAll(
  context: EntryContext,
  request: ShapeRequest,
  caller: string | undefined,
): Promise<{ prepared: PreparedShape[]; failures: Map<ShapeTask, Failure> }> {
  const failures = new Map<ShapeTask, Failure>();
  const { cluster, signal } = context;
  const mayAnnotateIn = new Map<string, Promise<boolean>>();
  /** Asked once for each namespace. */
  const annotatesIn = (namespace: string): Promise<boolean> => {
    const answer = mayAnnotateIn.get(namespace) ?? mayAnnotate(cluster, namespace, { signal });
    mayAnnotateIn.set(namespace, answer);
    return answer;
  };
  const doer = { caller, reason: request.tool.reason };
  const prepared = await settleAll(
    request.tasks.map(async (task) => {
      try {
        const annotates = await annotatesIn(task.source.namespace);
        // What a new tool container's specification says: the times of the shape that it is added for.
        const record = newRecord(task, doer, { token: 'planned', interface: task.interface ?? '', container: '' });
        return await prepareShape(context, request, task, { record, annotates });
      } catch (thrown) {
        const failure = asFailure(thrown);
        if (concernsAll(failure, request.keepGoing)) throw failure;
        failures.set(task, failure);
        return undefined;
      }
    }),
  );
  return { prepared: prepared.filter((one) => one !== undefined), failures };
}
