import { Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../../../i18n';
import { SearchIcon } from '../../../kit/icons';
import type { Target, Way } from './ways';
import classes from './dialogs.module.css';

/** Lists longer than this have a search. */
const LONG = 8;

/** Who or what a conversation can go to, one of them chosen. */
export function WayList({ way, chosen, onChoose }: { way: Way; chosen: string; onChoose: (id: string) => void }) {
  const { t } = useText();
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLocaleLowerCase('ru');
  const found = way.targets.filter((x) => x.name.toLocaleLowerCase('ru').includes(wanted));
  return (
    <>
      {way.targets.length > LONG && (
        <TextInput
          mb={8} aria-label={t('work.transfer.search')} placeholder={t('work.transfer.search')} leftSection={<SearchIcon size={16} aria-hidden />}
          value={query} onChange={(event) => setQuery(event.currentTarget.value)}
        />
      )}
      <Radio.Group value={chosen} onChange={onChoose} aria-label={way.name} className={classes.targets}>
        {found.map((target) => (
          <Choice key={target.id} target={target} />
        ))}
        {found.length === 0 && <p className={classes.none}>{t('work.transfer.none')}</p>}
      </Radio.Group>
    </>
  );
}

function Choice({ target }: { target: Target }) {
  return (
    <Radio
      value={target.id} disabled={target.reason !== undefined} classNames={{ root: classes.target, body: classes.targetBody, labelWrapper: classes.targetLabel }}
      label={
        <>
          <span>{target.name}</span>
          <span className={classes.about}>{target.about}</span>
        </>
      }
    />
  );
}
