/** The second line of a row: the draft, or the last words. */
import { useText, type Text } from '../../../i18n';
import { useDraftText, type Conversation, type Message } from '../../../sync';
import { lastWords } from '../thread/build';
import classes from './list.module.css';

export function RowText({ conversation, current }: { conversation: Conversation; current: boolean }) {
  // The open dialog's draft stands in the composer: its row need not follow each key.
  if (current) return <LastText conversation={conversation} />;
  return <DraftText conversation={conversation} />;
}

function DraftText({ conversation }: { conversation: Conversation }) {
  const { t } = useText();
  const draft = useDraftText(conversation.id);
  if (!draft.trim()) return <LastText conversation={conversation} />;
  return (
    <>
      <span className={classes.draft}>{t('work.row.draft')}</span> {draft}
    </>
  );
}

function LastText({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const last = lastWords(conversation);
  if (!last) return <>{text.t('work.row.silent')}</>;
  const ours = last.from === 'operator';
  return (
    <>
      {ours && <span className={classes.mine}>{text.t('work.row.me')} </span>}
      {brief(last, text)}
    </>
  );
}

/** A message in a few words. */
export function brief(message: Message, { t }: Text): string {
  const { content } = message;
  const file = content.attachments[0];
  if (content.text) return content.text;
  if (content.pressed) return content.pressed.caption;
  if (file) return file.mime.startsWith('image/') ? t('work.brief.picture') : t('work.brief.file', { name: file.name });
  if (content.location) return t('work.brief.location');
  return content.contact ? t('work.brief.contact', { name: content.contact.name }) : '…';
}
