/** What a message says: text, files, buttons, a place, a person. */
import { lazy, Suspense } from 'react';
import { useText } from '../../../i18n';
import type { Ask, Button, Message } from '../../../sync';
import { Files } from './Files';
import { linkify } from './links';
import classes from './thread.module.css';

/** Places and people come seldom. */
const Facts = lazy(() => import('./Facts'));

export function Content({ message }: { message: Message }) {
  const { t } = useText();
  const { content } = message;
  return (
    <>
      {content.pressed && (
        <p className={classes.pressed}>
          {t('work.pressed')} <b>{content.pressed.caption}</b>
        </p>
      )}
      {content.text && content.text !== content.pressed?.caption && <Words text={content.text} />}
      {content.attachments.length > 0 && <Files message={message} />}
      {(content.location || content.contact) && (
        <Suspense fallback={<p className={classes.fact}>{content.contact?.phone}</p>}>
          <Facts location={content.location} contact={content.contact} />
        </Suspense>
      )}
      {(content.buttons.length > 0 || content.ask) && <Buttons buttons={content.buttons} ask={content.ask} />}
    </>
  );
}

/** Text is only ever text; what looks like an address can be followed. */
export function Words({ text }: { text: string }) {
  return (
    <p className={classes.words}>
      {linkify(text).map((piece, i) =>
        piece.href ? (
          <a key={i} href={piece.href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}

/** The buttons as the customer saw them; nobody can press them here. */
function Buttons({ buttons, ask }: { buttons: Button[]; ask?: Ask }) {
  const { t } = useText();
  return (
    <ul className={classes.buttons} aria-label={t('work.buttons')}>
      {buttons.map((b, i) => (
        <li key={i}>{b.caption}</li>
      ))}
      {ask && <li>{t(`work.asked.${ask}`)}</li>}
    </ul>
  );
}
