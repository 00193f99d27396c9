/** A place on the map and a person that a customer shares. */
import { ActionIcon, Anchor, CopyButton } from '@mantine/core';
import { useText } from '../../../i18n';
import { CheckIcon, CopyIcon, CustomerIcon, PinIcon } from '../../../kit/icons';
import type { Content } from '../../../sync';
import classes from './thread.module.css';

export default function Facts({ location, contact }: Pick<Content, 'location' | 'contact'>) {
  return (
    <>
      {location && <Place {...location} />}
      {contact && <Person {...contact} />}
    </>
  );
}

function Place({ latitude, longitude }: { latitude: number; longitude: number }) {
  const { t } = useText();
  const where = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const href = `https://yandex.ru/maps/?pt=${longitude},${latitude}&z=16`;
  return (
    <p className={classes.fact}>
      <PinIcon size={20} aria-hidden />
      <span>
        <Anchor href={href} target="_blank" rel="noopener noreferrer" inherit fw={600}>
          {t('work.location.open')}
        </Anchor>
        <small>
          {t('work.location')} {where}
        </small>
      </span>
    </p>
  );
}

function Person({ name, phone }: { name: string; phone: string }) {
  const { t } = useText();
  const number = phone.replace(/[^\d+]/g, '');
  return (
    <p className={classes.fact}>
      <CustomerIcon size={20} aria-hidden />
      <span>
        {name && <b>{name}</b>}
        {number && (
          <Anchor href={`tel:${number}`} inherit aria-label={t('work.contact.call', { phone })}>
            {phone}
          </Anchor>
        )}
      </span>
      {number && (
        <CopyButton value={number}>
          {({ copied, copy }) => (
            <ActionIcon variant="subtle" color="gray" aria-label={t(copied ? 'work.contact.copied' : 'work.contact.copy')} onClick={copy}>
              {copied ? <CheckIcon size={16} aria-hidden /> : <CopyIcon size={16} aria-hidden />}
            </ActionIcon>
          )}
        </CopyButton>
      )}
    </p>
  );
}
