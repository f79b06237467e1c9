// SPDX-License-Identifier: Apache-2.0

/** How long ago something was, as kubectl writes ages: `42s`, `5m`, `3h`, `12d`; empty for an unknown time. */
export function ageText(startedAt: string | undefined, now: Date): string {
  const seconds = Math.floor((now.getTime() - Date.parse(startedAt ?? '')) / 1000);
  if (Number.isNaN(seconds)) return '';
  if (seconds < 120) return `${Math.max(0, seconds)}s`;
  if (seconds < 120 * 60) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
