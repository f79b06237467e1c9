// SPDX-License-Identifier: Apache-2.0

/** An answer of the API; JSON where it has no other type. */
export interface Answer {
  status: number;
  body: string | Buffer;
  headers?: Readonly<Record<string, string>>;
}

/** Ends a request with a status and one line. Its words never have a token or what was sent in them. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Nothing was taken over: the same may be sent again. */
export function notNow(why: string): Refused {
  return new Refused(503, why, { 'retry-after': '1' });
}

export function json(value: unknown, status = 200): Answer {
  return { status, body: JSON.stringify(value) };
}

export function refusal({ status, message, headers }: Refused): Answer {
  return { ...json({ error: message }, status), headers };
}
