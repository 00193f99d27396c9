/** Looks for the article that answers a line: what the bot would say comes first. */
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { tryPhrase } from '../../sync/bot';
import { useArticles } from '../../sync/knowledge';
import { useWords } from './text';
import classes from './reviews.module.css';

export interface Picked {
  /** Empty: none answers. */
  articleId: string;
  title: string;
}

interface Props {
  text: string;
  onPick: (chosen: Picked) => void;
  onCancel: () => void;
}

interface Option {
  value: string;
  label: string;
  percent?: number;
}

const none = 'none';
const hits = 8;

export function ArticlePick({ text, onPick, onCancel }: Props) {
  const { t, number } = useWords();
  const [typed, setTyped] = useState('');
  const likely = useQuery({ queryKey: ['reviews', 'likely', text], queryFn: ({ signal }) => tryPhrase(text.slice(0, 2000), '', '', signal), staleTime: 60_000 }).data?.items ?? [];
  const found = useArticles({ query: typed.trim(), sort: 'identifier', order: 'asc', limit: hits, offset: 0 }).data?.items ?? [];
  const best: Option[] = typed.trim() ? [] : likely.filter((m) => m.probability >= 0.01).map((m) => ({ value: m.article_id, label: m.title || m.identifier, percent: Math.round(100 * m.probability) }));
  const others: Option[] = found.map(({ value: a }) => ({ value: a.articleId, label: a.title || a.identifier })).filter((o) => !best.some((b) => b.value === o.value));
  const options = [...best, ...others, { value: none, label: t('rv.noArticle.choose') }];
  const pick = (value: string | null) => {
    const one = options.find((o) => o.value === value);
    if (one) onPick(one.value === none ? { articleId: '', title: '' } : { articleId: one.value, title: one.label });
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key !== 'Escape') return;
    e.preventDefault();
    e.stopPropagation();
    onCancel();
  };
  return (
    <Select
      className={classes.pick} aria-label={t('rv.search')} placeholder={t('rv.search.hint')} searchable autoFocus defaultDropdownOpened selectFirstOptionOnChange value={null}
      searchValue={typed} onSearchChange={setTyped} filter={({ options: all }) => all} onChange={pick} onKeyDown={onKeyDown} onBlur={onCancel} maxDropdownHeight={320}
      comboboxProps={{ withinPortal: true, transitionProps: { duration: 0 } }}
      data={[
        { group: t('rv.search.likely'), items: best },
        { group: t('rv.search.found'), items: others },
        { group: t('rv.search.other'), items: [{ value: none, label: t('rv.noArticle.choose') }] },
      ].filter((g) => g.items.length > 0)}
      renderOption={({ option }) => {
        const percent = options.find((o) => o.value === option.value)?.percent;
        return (
          <span className={classes.option}>
            <span>{option.label}</span>
            {percent !== undefined && <span className={classes.dim}>{number(percent)} %</span>}
          </span>
        );
      }}
    />
  );
}
