import { useText } from '../../../i18n';
import { serverNow, type Conversation } from '../../../sync';
import { Bubble } from './Bubble';
import type { Row } from './build';
import { HappeningLine } from './HappeningLine';
import { NoteCard } from './NoteCard';
import classes from './thread.module.css';

/** One row of the thread, whatever it is. */
export function ThreadRow({ row, conversation, past }: { row: Row; conversation: Conversation; past: boolean }) {
  switch (row.is) {
    case 'day':
      return <Day at={row.at} />;
    case 'note':
      return <NoteCard note={row.note} />;
    case 'happening':
      return <HappeningLine happening={row.happening} conversation={conversation} past={past} />;
    case 'message':
      return <Bubble message={row.message} first={row.first} last={row.last} conversation={conversation} past={past} />;
  }
}

function Day({ at }: { at: number }) {
  const { day } = useText();
  return (
    <div className={classes.day}>
      <span>{day(at, serverNow())}</span>
    </div>
  );
}
