/** Searches while one types; who asks is told a moment later. */
import { CloseButton, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { SearchIcon } from './icons';
import classes from './table.module.css';

/** How long typing rests before somebody is asked. */
const pause = 200;

interface Props {
  /** What is searched for, as the address says. */
  search: string;
  label: string;
  hint: string;
  clear: string;
  onSearch: (search: string) => void;
}

export function SearchField({ search, label, hint, clear, onSearch }: Props) {
  const [text, setText] = useState(search);
  const field = useRef<HTMLInputElement>(null);
  const told = useRef(search);
  // Back and forward change what is searched for too.
  useEffect(() => {
    if (search !== told.current) setText(search);
    told.current = search;
  }, [search]);
  const wanted = text.trim();
  useEffect(() => {
    if (wanted === told.current) return;
    const timer = setTimeout(() => {
      told.current = wanted;
      onSearch(wanted);
    }, pause);
    return () => clearTimeout(timer);
  }, [wanted, onSearch]);
  const empty = () => {
    setText('');
    field.current?.focus();
  };
  return (
    <TextInput
      ref={field} type="search" className={classes.search} value={text} aria-label={label} placeholder={hint}
      leftSection={<SearchIcon size={16} aria-hidden />} onChange={(e) => setText(e.currentTarget.value)}
      rightSection={text && <CloseButton size="sm" aria-label={clear} onClick={empty} />}
    />
  );
}
