/** Which acts are shown. */
import { Button, MultiSelect, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useWorkplace } from '../../sync';
import type { Go } from './AuditPage';
import { anywhere, isFiltered, type Place } from './place';
import { acts, useWords } from './text';
import { useAuthor } from './useAuthor';
import classes from './audit.module.css';

const still = { transitionProps: { duration: 0 } };

export function Filters({ place, go }: { place: Place; go: Go }) {
  const { t } = useWords();
  const known = [...new Set([...acts, ...place.acts])];
  return (
    <search className={classes.filters} aria-label={t('au.filters')}>
      <Who place={place} go={go} />
      <MultiSelect
        w={230} size="sm" label={t('au.act')} searchable placeholder={place.acts.length === 0 ? t('au.act.any') : undefined} value={[...place.acts]} hidePickedOptions
        data={known.map((act) => ({ value: act, label: acts.includes(act) ? t(`au.act.${act as 'signed_in'}`) : act }))} comboboxProps={still}
        onChange={(chosen) => go({ acts: chosen, open: 0 })}
      />
      <About place={place} go={go} />
      <TextInput type="date" size="sm" label={t('au.from')} value={place.from} max={place.to || undefined} onChange={(e) => go({ from: e.currentTarget.value, open: 0 })} />
      <TextInput type="date" size="sm" label={t('au.to')} value={place.to} min={place.from || undefined} onChange={(e) => go({ to: e.currentTarget.value, open: 0 })} />
      {isFiltered(place) && <Button variant="subtle" onClick={() => go(anywhere)}>{t('au.clear')}</Button>}
    </search>
  );
}

function Who({ place, go }: { place: Place; go: Go }) {
  const { t } = useWords();
  const { user, operators } = useWorkplace();
  const author = useAuthor();
  const ids = [...new Set([user.userId, ...operators.map((o) => o.userId), 'setup', '-', place.by])].filter(Boolean);
  return (
    <Select
      w={180} size="sm" label={t('au.who')} searchable clearable placeholder={t('au.who.any')} value={place.by || null} comboboxProps={still}
      data={ids.map((value) => ({ value, label: author(value) }))} onChange={(by) => go({ by: by ?? '', open: 0 })}
    />
  );
}

/** A field that is looked for a moment after the last key. */
function About({ place, go }: { place: Place; go: Go }) {
  const { t } = useWords();
  const [typed, setTyped] = useState(place.object);
  useEffect(() => setTyped(place.object), [place.object]);
  const look = useDebouncedCallback((object: string) => go({ object, open: 0 }), 300);
  return (
    <TextInput
      w={150} type="search" size="sm" label={t('au.object')} placeholder={t('au.object.hint')} value={typed} maxLength={200}
      onChange={(e) => {
        setTyped(e.currentTarget.value);
        look(e.currentTarget.value);
      }}
    />
  );
}
