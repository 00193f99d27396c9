/** What a message says: text, files, buttons, a place, a person. */
import { Anchor } from '@mantine/core';
import { useText } from '../../../i18n';
import { CustomerIcon, PinIcon } from '../../../kit/icons';
import type { Button, Content as Told } from '../../../sync';
import { Files } from './Files';
import { linkify } from './links';
import classes from './thread.module.css';

export function Content({ content }: { content: Told }) {
  const { t } = useText();
  return (
    <>
      {content.pressed && <p className={classes.pressed}>{t('work.pressed', { caption: content.pressed.caption })}</p>}
      {content.text && content.text !== content.pressed?.caption && <Words text={content.text} />}
      {content.attachments.length > 0 && <Files files={content.attachments} />}
      {content.location && <Place {...content.location} />}
      {content.contact && <Person {...content.contact} />}
      {content.buttons.length > 0 && <Buttons buttons={content.buttons} />}
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
function Buttons({ buttons }: { buttons: Button[] }) {
  const { t } = useText();
  return (
    <ul className={classes.buttons} aria-label={t('work.buttons')}>
      {buttons.map((b, i) => (
        <li key={i}>{b.caption}</li>
      ))}
    </ul>
  );
}

function Place({ latitude, longitude }: { latitude: number; longitude: number }) {
  const { t } = useText();
  const where = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const href = `https://yandex.ru/maps/?pt=${longitude},${latitude}&z=16`;
  return (
    <p className={classes.fact}>
      <PinIcon size={18} aria-hidden />
      <span>
        {t('work.location')} {where}
        <br />
        <Anchor size="sm" href={href} target="_blank" rel="noopener noreferrer">
          {t('work.location.open')}
        </Anchor>
      </span>
    </p>
  );
}

function Person({ name, phone }: { name: string; phone: string }) {
  return (
    <p className={classes.fact}>
      <CustomerIcon size={18} aria-hidden />
      <span>
        {name}
        <br />
        <Anchor size="sm" href={`tel:${phone.replace(/[^\d+]/g, '')}`}>
          {phone}
        </Anchor>
      </span>
    </p>
  );
}
