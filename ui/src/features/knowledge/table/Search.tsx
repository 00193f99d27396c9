/** Searches while one types; the address follows a moment later. */
import { CloseButton, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { SearchIcon } from '../../../kit/icons';
import type { Go } from '../KnowledgePage';
import type { Place } from '../place';
import { useWords } from '../text';
import classes from '../knowledge.module.css';

/** How long typing rests before the server is asked. */
const pause = 200;

export function Search({ place, go }: { place: Place; go: Go }) {
  const { t } = useWords();
  const [text, setText] = useState(place.search);
  const field = useRef<HTMLInputElement>(null);
  const told = useRef(place.search);
  // Back and forward change what is searched for too.
  useEffect(() => {
    if (place.search !== told.current) setText(place.search);
    told.current = place.search;
  }, [place.search]);
  const wanted = text.trim();
  useEffect(() => {
    if (wanted === told.current) return;
    const timer = setTimeout(() => {
      told.current = wanted;
      go({ search: wanted, page: 1 }, true);
    }, pause);
    return () => clearTimeout(timer);
  }, [wanted, go]);
  const clear = () => {
    setText('');
    field.current?.focus();
  };
  return (
    <TextInput
      ref={field} type="search" className={classes.search} value={text} aria-label={t(`kb.search.${place.tab}`)} placeholder={t('kb.search.hint')}
      leftSection={<SearchIcon size={16} aria-hidden />} onChange={(e) => setText(e.currentTarget.value)}
      rightSection={text && <CloseButton size="sm" aria-label={t('kb.search.clear')} onClick={clear} />}
    />
  );
}
