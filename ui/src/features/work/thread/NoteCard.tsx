/** A word among operators, which the customer never sees. */
import { useText } from '../../../i18n';
import { NoteIcon, TransferIcon } from '../../../kit/icons';
import type { Note } from '../../../sync';
import { useNames } from '../../../sync/names';
import { Words } from './Content';
import classes from './thread.module.css';

export function NoteCard({ note, pinned = false }: { note: Note; pinned?: boolean }) {
  const { t, time } = useText();
  const { operator } = useNames();
  const Icon = note.transfer ? TransferIcon : NoteIcon;
  return (
    <aside className={classes.note} data-pinned={pinned || undefined} aria-label={t(note.transfer ? 'work.note.transfer' : 'work.note')}>
      <Icon size={18} aria-hidden />
      <div>
        <div className={classes.noteHead}>
          {t(note.transfer ? 'work.note.transfer' : 'work.note')}
          {note.operatorId && `, ${operator(note.operatorId)}`}, {time(note.at)}
        </div>
        <Words text={note.text} />
      </div>
    </aside>
  );
}
