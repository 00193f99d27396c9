/** The sessions of processing of a conversation: who kept it, from when to when, and how each ended. */
import type { Conversation, Happening } from '../../../sync';

export interface ProcessingSession {
  handler: 'agent' | 'queue' | 'operator' | 'silence';
  /** Of the agent, the line or the operator. */
  id: string;
  begin: number;
  /** None for the one under way. */
  end?: number;
  /** What ended it: the CAUSE of the queueing or the closing, or one of our own words. */
  ended: string;
  ending: 'queued' | 'closed' | 'assigned' | 'forced' | 'next' | 'failed' | 'silence' | '';
}

/** The conversation as its keepers, in order. Two do not keep it at once. */
export function sessionsOf({ items }: Pick<Conversation, 'items'>): ProcessingSession[] {
  const all: ProcessingSession[] = [];
  let failed = false;
  for (const item of items) {
    if (item.is !== 'happening') continue;
    const { happening } = item;
    failed ||= happening.kind === 'agentFailed';
    const next = begins(happening);
    if (!next && happening.kind !== 'closed') continue;
    end(all.at(-1), happening, failed);
    if (next) all.push({ ...next, begin: happening.at, ended: '', ending: '' });
    failed = false;
  }
  return all;
}

/** Who keeps the conversation from then on; nobody new by most of what happens. */
function begins({ kind, detail, operatorId, lineId = '' }: Happening): Pick<ProcessingSession, 'handler' | 'id'> | undefined {
  switch (kind) {
    case 'agent':
      return { handler: 'agent', id: detail };
    case 'queued':
      return { handler: 'queue', id: lineId };
    case 'assigned':
      return { handler: 'operator', id: operatorId };
    case 'detached':
      return { handler: 'silence', id: '' };
    default:
      return undefined;
  }
}

function end(session: ProcessingSession | undefined, by: Happening, failed: boolean): void {
  if (!session || session.end !== undefined) return;
  session.end = by.at;
  session.ending = endingOf(by, failed);
  session.ended = by.kind === 'queued' || by.kind === 'closed' ? by.detail : '';
}

function endingOf({ kind, detail }: Happening, failed: boolean): ProcessingSession['ending'] {
  if (failed && kind !== 'closed') return 'failed';
  if (kind === 'assigned') return detail === 'forced' ? 'forced' : 'assigned';
  if (kind === 'agent') return 'next';
  if (kind === 'detached') return 'silence';
  return kind === 'closed' ? 'closed' : 'queued';
}
