/** A conversation's items as the rows of its thread. */
import type { Conversation, Happening, Item, Message, Note } from '../../../sync';

export type Row =
  | { is: 'day'; key: string; at: number }
  | { is: 'message'; key: string; message: Message; first: boolean; last: boolean }
  | { is: 'note'; key: string; note: Note }
  | { is: 'happening'; key: string; happening: Happening };

/** Messages of one author closer than this stand together. */
const GROUP = 5 * 60_000;

/** Rows in order: a mark at each new day, and messages of one author in a row put together. */
export function buildThread(items: readonly Item[]): Row[] {
  const rows: Row[] = [];
  const days = items.map((item) => new Date(item.at).setHours(0, 0, 0, 0));
  items.forEach((item, i) => {
    if (days[i] !== days[i - 1]) rows.push({ is: 'day', key: `day ${days[i]} ${item.key}`, at: item.at });
    const near = (other: number) => (days[other] === days[i] ? items[other] : undefined);
    rows.push(rowOf(item, near(i - 1), near(i + 1)));
  });
  return rows;
}

/** The neighbours are those of the same day. */
function rowOf(item: Item, before: Item | undefined, after: Item | undefined): Row {
  if (item.is === 'note') return { is: 'note', key: item.key, note: item.note };
  if (item.is === 'happening') return { is: 'happening', key: item.key, happening: item.happening };
  return { is: 'message', key: item.key, message: item.message, first: !together(before, item), last: !together(item, after) };
}

function together(a: Item | undefined, b: Item | undefined): boolean {
  if (a?.is !== 'message' || b?.is !== 'message') return false;
  return (
    speaker(a.message) === speaker(b.message) &&
    a.message.accountId === b.message.accountId &&
    Math.abs(b.at - a.at) < GROUP
  );
}

function speaker(m: Message): string {
  return `${m.from} ${m.operatorId} ${m.purpose}`;
}

export function lastMessage(c: Conversation): Message | undefined {
  for (let i = c.items.length - 1; i >= 0; i--) {
    const item = c.items[i];
    if (item?.is === 'message') return item.message;
  }
  return undefined;
}

/** What a person said last. What the system said by itself counts if nobody did. */
export function lastWords(c: Conversation): Message | undefined {
  for (let i = c.items.length - 1; i >= 0; i--) {
    const item = c.items[i];
    if (item?.is === 'message' && item.message.from !== 'system') return item.message;
  }
  return lastMessage(c);
}

/** The note of a transfer to the one who keeps it now, until the first answer to the customer. */
export function freshNote(c: Conversation): Note | undefined {
  for (let i = c.items.length - 1; i >= 0; i--) {
    const item = c.items[i];
    if (item?.is === 'note' && item.note.transfer) return item.note;
    if (item?.is === 'message' && item.message.from === 'operator' && item.message.operatorId === c.operatorId) return undefined;
  }
  return undefined;
}

/** How many messages of the customer came after a place in the thread. */
export function newAfter(rows: readonly Row[], key: string | undefined): number {
  let n = 0;
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i];
    if (!row || row.key === key) break;
    if (row.is === 'message' && row.message.from === 'customer') n++;
  }
  return n;
}
