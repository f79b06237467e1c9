// SPDX-License-Identifier: Apache-2.0
import type { ShapeList, ShapeListItem, ShapeRecord } from '../model/shaping.js';
import { ageText } from './age.js';
import { columnLines, squeezeColumns, type Column } from './columns.js';
import { plainText } from './plain-text.js';

export interface ShapeListRenderOptions {
  width: number;
  headers: boolean;
  now: Date;
  /** Names the namespace of each pod: several were looked at. */
  namespaces: boolean;
  wide: boolean;
  /** What a shape does, and to which packets, in a few words. */
  effects: (record: ShapeRecord) => string;
  scope: (record: ShapeRecord) => string;
}

/** A state, or that a shape that was shown before is over. */
export type ShownItem = Omit<ShapeListItem, 'state'> & { state: ShapeListItem['state'] | 'ended' };

/** `42s`, `4m5s`, `2h3m`: how long something will last. */
export function remainingText(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${whole % 60 === 0 ? '' : `${whole % 60}s`}`;
  const minutes = Math.floor((whole % 3600) / 60);
  return `${Math.floor(whole / 3600)}h${minutes === 0 ? '' : `${minutes}m`}`;
}

/** Only what will end by itself ends in some time. */
function endsIn({ state, endsInSeconds }: ShownItem): string {
  return state === 'active' || state === 'unknown' ? remainingText(endsInSeconds) : '';
}

function columnsOf(items: readonly ShownItem[], options: ShapeListRenderOptions): Column[] {
  const { namespaces, wide, now, effects, scope } = options;
  const column = (header: string, value: (item: ShownItem) => string | undefined, more?: Partial<Column>): Column => ({
    header: [header],
    cells: items.map((item) => plainText(value(item) ?? '') || '<none>'),
    ...more,
  });
  const name = { shortenTo: { readily: 20, atMost: 8 } };
  return [
    ...(namespaces
      ? [column('NAMESPACE', ({ namespace }) => namespace, { shortenTo: { readily: 12, atMost: 6 } })]
      : []),
    column('POD', ({ pod }) => pod, name),
    column('STATE', ({ state }) => state),
    column('EFFECTS', ({ shape }) => effects(shape), { shortenTo: { readily: 32, atMost: 12 } }),
    column('SCOPE', ({ shape }) => scope(shape), { shortenTo: { readily: 24, atMost: 12 }, leaveOut: 1 }),
    column('DIRECTION', ({ shape }) => shape.direction, { leaveOut: 3 }),
    column('PACKETS', ({ packets }) => packets?.toString(), { leaveOut: 2 }),
    column('DROPPED', ({ droppedPackets }) => droppedPackets?.toString(), { leaveOut: 2 }),
    column('WHO', ({ shape }) => shape.caller, { ...name, leaveOut: 4 }),
    column('SINCE', ({ shape }) => ageText(shape.startedAt, now), { leaveOut: 5 }),
    column('ENDS IN', endsIn),
    ...(wide
      ? [
          column('NODE', ({ node }) => node),
          column('INTERFACE', ({ shape }) => shape.interface),
          column('CONTAINER', ({ shape }) => shape.container),
          column('REASON', ({ shape }) => shape.reason),
        ]
      : []),
  ];
}

/** `shape list`: a line for each shaped pod; empty for none. */
export function renderShapes(items: readonly ShownItem[], options: ShapeListRenderOptions): string {
  if (items.length === 0) return '';
  const columns = columnsOf(items, options);
  const width = options.wide ? Number.POSITIVE_INFINITY : options.width;
  return columnLines(squeezeColumns(columns, width), options.headers)
    .map((line) => `${line}\n`)
    .join('');
}

/** `-o name`: the shaped pods. */
export function shapedNames({ items }: ShapeList): string {
  return items.map(({ pod }) => `pod/${plainText(pod)}\n`).join('');
}

/** What of an item is a change worth a line: counters and times go on by themselves. */
function essence({ state, shape }: ShownItem): string {
  return JSON.stringify([state, shape.token, shape.effects, shape.scope, shape.direction, shape.endsAt]);
}

/** What changed from one list to the next: what is new or another, and what is over. */
export function changedItems(before: readonly ShapeListItem[], now: readonly ShapeListItem[]): ShownItem[] {
  const key = ({ namespace, pod }: ShapeListItem) => JSON.stringify([namespace, pod]);
  const known = new Map(before.map((item) => [key(item), item]));
  const current = new Set(now.map(key));
  const changed = now.filter((item) => {
    const earlier = known.get(key(item));
    return earlier === undefined || essence(earlier) !== essence(item);
  });
  const over = before.filter((item) => !current.has(key(item)));
  return [...changed, ...over.map((item) => ({ ...item, state: 'ended' as const, endsInSeconds: 0 }))];
}
