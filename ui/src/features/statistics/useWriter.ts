import { useMemo } from 'react';
import { useWords } from './text';
import { makeWriter } from './units';

export function useWriter() {
  const { locale, duration } = useWords();
  return useMemo(() => makeWriter(locale, duration), [locale, duration]);
}
