/** An article of the knowledge base, found by its words. */
import { Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { articles, useArticles, useEntry } from '../../../sync/knowledge';
import { problemOf } from '../../../sync';
import { useWords } from '../text';

interface Props {
  label: string;
  description?: string;
  value: string;
  error?: string;
  required?: boolean;
  onChange: (articleId: string) => void;
}

const hits = 20;

export function ArticlePicker({ label, description, value, error, required, onChange }: Props) {
  const { t } = useWords();
  const kept = useEntry(articles, value);
  const name = kept.data ? titleOf(kept.data.value) : value;
  const [typed, setTyped] = useState<string>();
  const [wanted] = useDebouncedValue(typed?.trim() ?? '', 150);
  const list = useArticles({ query: wanted === name ? '' : wanted, sort: 'identifier', order: 'asc', limit: hits, offset: 0 });
  const common = { label, description, error, withAsterisk: required };
  // Who may not read the knowledge base can still name an article of it.
  if (list.error && problemOf(list.error).status === 403) {
    return <TextInput {...common} value={value} onChange={(e) => onChange(e.currentTarget.value.trim())} />;
  }
  const found = (list.data?.items ?? []).map(({ value: a }) => ({ value: a.articleId, label: titleOf(a), identifier: a.identifier }));
  const data = value && !found.some((a) => a.value === value) ? [{ value, label: name, identifier: '' }, ...found] : found;
  return (
    <Select
      {...common} data={data} value={value || null} searchable clearable placeholder={t('agents.article.choose')} nothingFoundMessage={t('agents.article.none')}
      searchValue={typed ?? name} onSearchChange={setTyped} filter={({ options }) => options} comboboxProps={{ keepMounted: false }}
      clearButtonProps={{ 'aria-label': t('agents.clear', { name: label }) }} onChange={(id) => onChange(id ?? '')}
    />
  );
}

const titleOf = ({ title, identifier }: { title: string; identifier: string }) => title || identifier;
