// SPDX-License-Identifier: Apache-2.0

/** Go's time.Time{}, which stands for no time. */
export const zeroTime = '0001-01-01T00:00:00Z';

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

/**
 * An RFC 3339 time as Go's time.Time takes it from JSON and writes it again: its own offset, nanoseconds at most, no zeros at
 * the end of the fraction. Undefined where Go would refuse it.
 */
export function goTime(text: string): string | undefined {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', digits = '', sign, hours, minutes] =
    match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isDate = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  if (!isDate || !isTime || Number(hours ?? 0) > 23 || Number(minutes ?? 0) > 59) return undefined;
  const fraction = digits.slice(0, 9).replace(/0+$/, '');
  const isUtc = sign === undefined || (hours === '00' && minutes === '00');
  const offset = isUtc ? 'Z' : `${sign}${hours}:${minutes}`;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction === '' ? '' : `.${fraction}`}${offset}`;
}

/** A time of our own clock, in ms since 1970, as Go writes it. */
export function goTimeOf(ms: number): string {
  return goTime(new Date(ms).toISOString()) ?? zeroTime;
}
