// SPDX-License-Identifier: Apache-2.0

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

interface Operation {
  op: string;
  path: string;
  value?: unknown;
}

/** RFC 6902 as it is written, for the operations that we send; throws where one cannot be done. */
export function applyPatch(document: unknown, operations: readonly Operation[]): unknown {
  return operations.reduce<Json>(
    (value, { op, path, value: put }) => {
      const tokens = path
        .split('/')
        .slice(1)
        .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
      return change(value, tokens, op, put as Json);
    },
    structuredClone(document) as Json,
  );
}

function change(target: Json, [token, ...rest]: string[], op: string, put: Json): Json {
  if (token === undefined) return put;
  if (Array.isArray(target)) {
    const index = token === '-' ? target.length : Number(token);
    if (rest.length > 0) return target.with(index, change(target[index] ?? null, rest, op, put));
    if (op === 'add') return target.toSpliced(index, 0, put);
    return op === 'remove' ? target.toSpliced(index, 1) : target.with(index, put);
  }
  if (typeof target !== 'object' || target === null) throw new Error(`nothing holds ${token}`);
  const fields = new Map(Object.entries(target));
  if (op !== 'add' || rest.length > 0) {
    if (!fields.has(token)) throw new Error(`there is no ${token}`);
  }
  if (rest.length > 0) fields.set(token, change(fields.get(token) ?? null, rest, op, put));
  else if (op === 'remove') fields.delete(token);
  else fields.set(token, put);
  return Object.fromEntries(fields);
}
