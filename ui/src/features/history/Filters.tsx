/** What is looked for. The words and the period are always in sight, the rest is unfolded. */
import { Button, Group, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useId, useState } from 'react';
import { SearchIcon } from '../../kit/icons';
import { Choices } from './Choices';
import type { Go } from './HistoryPage';
import { countSet, fieldOf, isFiltered, isMoment, unfiltered, type Place } from './place';
import { useWords } from './text';
import classes from './history.module.css';
import side from '../../kit/sideList.module.css';

export function Filters({ place, go }: { place: Place; go: Go }) {
  const { t } = useWords();
  const set = countSet(place);
  const [open, setOpen] = useState(set > 0);
  const folded = useId();
  return (
    <search className={side.filters} aria-label={t('hs.filters')}>
      <Words place={place} go={go} name="text" label={t('hs.text')} hint={t('hs.text.hint')} />
      <Words place={place} go={go} name="customer" label={t('hs.customer')} hint={t('hs.customer.hint')} />
      <div className={classes.days}>
        <Day label={t('hs.from')} value={place.from} max={place.to} onChange={(from) => go({ from }, true)} />
        <Day label={t('hs.to')} value={place.to} min={place.from} onChange={(to) => go({ to }, true)} />
      </div>
      <div id={folded} hidden={!open} className={classes.folded}>
        {open && <Choices place={place} go={go} />}
      </div>
      <Group gap={8} justify="space-between">
        <Button variant="subtle" size="compact-xs" aria-expanded={open} aria-controls={folded} onClick={() => setOpen(!open)}>
          {open ? t('hs.less') : set > 0 ? t('hs.more.set', { count: set }) : t('hs.more')}
        </Button>
        {isFiltered(place) && <Button variant="subtle" size="compact-xs" onClick={() => go(unfiltered())}>{t('hs.clear')}</Button>}
      </Group>
    </search>
  );
}

/** A day; or a moment, where one came with the address. */
function Day({ label, value, min, max, onChange }: { label: string; value: string; min?: string; max?: string; onChange: (value: string) => void }) {
  const moment = isMoment(value);
  const bound = (said: string | undefined) => (said && isMoment(said) === moment ? fieldOf(said) : undefined);
  return (
    <TextInput
      size="xs" type={moment ? 'datetime-local' : 'date'} label={label} value={fieldOf(value)} min={bound(min)} max={bound(max)} onChange={(e) => onChange(e.currentTarget.value)}
    />
  );
}

interface WordsProps {
  place: Place;
  go: Go;
  name: 'text' | 'customer';
  label: string;
  hint: string;
}

/** A field that is looked for a moment after the last key. */
function Words({ place, go, name, label, hint }: WordsProps) {
  const [typed, setTyped] = useState(place[name]);
  useEffect(() => setTyped(place[name]), [place, name]);
  const look = useDebouncedCallback((value: string) => go({ [name]: value }, true), 300);
  return (
    <TextInput
      size="xs" type="search" label={label} placeholder={hint} value={typed} maxLength={200} leftSection={<SearchIcon size={14} aria-hidden />}
      onChange={(e) => {
        setTyped(e.currentTarget.value);
        look(e.currentTarget.value);
      }}
    />
  );
}
