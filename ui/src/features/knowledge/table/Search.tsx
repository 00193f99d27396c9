/** Searches while one types; the address follows a moment later. */
import { useCallback } from 'react';
import { SearchField } from '../../../kit/SearchField';
import type { Go } from '../KnowledgePage';
import type { Place } from '../place';
import { useWords } from '../text';

export function Search({ place, go }: { place: Place; go: Go }) {
  const { t } = useWords();
  const onSearch = useCallback((search: string) => go({ search, page: 1 }, true), [go]);
  return <SearchField search={place.search} label={t(`kb.search.${place.tab}`)} hint={t('kb.search.hint')} clear={t('kb.search.clear')} onSearch={onSearch} />;
}
