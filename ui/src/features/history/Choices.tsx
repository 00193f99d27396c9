/** Filters with values to choose from. Of most there may be several, and what has none is a value too. */
import { MultiSelect, Select } from '@mantine/core';
import { useChannelName } from '../../kit';
import { useWorkplace } from '../../sync';
import type { List } from '../../sync/history';
import { useDefinitions } from '../../sync/statistics';
import type { Go } from './HistoryPage';
import type { Place } from './place';
import { useWords } from './text';

interface Option {
  value: string;
  label: string;
}

interface Props {
  place: Place;
  go: Go;
}

/** Stands for the empty value, which a field for several takes for nothing. */
const none = '∅';
const still = { transitionProps: { duration: 0 } };

export function Choices({ place, go }: Props) {
  const { t } = useWords();
  const options = useOptions();
  return (
    <>
      {options.map(([name, known]) => <Several key={name} name={name} known={known} place={place} go={go} />)}
      <One name="status" options={['finished', 'reviewed'].map((value) => ({ value, label: t(`hs.status.${value as 'finished'}`) }))} place={place} go={go} />
      <Counted place={place} go={go} />
      <Select
        size="xs" label={t('hs.by')} allowDeselect={false} value={place.by || 'opened'} onChange={(by) => go({ by: by === 'closed' ? 'closed' : '' })}
        data={(['opened', 'closed'] as const).map((value) => ({ value, label: t(`hs.by.${value}`) }))} comboboxProps={still}
      />
    </>
  );
}

/** What there is to choose from, by the names that people know. */
function useOptions(): [name: List, options: Option[]][] {
  const { t } = useWords();
  const { lines, accounts, operators, topics, languages } = useWorkplace();
  const channel = useChannelName();
  const without = (name: 'operator' | 'topic' | 'line' | 'language'): Option => ({ value: none, label: t(`hs.${name}.none`) });
  return [
    ['operator', [...operators.map((o) => ({ value: o.userId, label: o.name })), without('operator')]],
    ['kind', [...new Set(accounts.map((a) => a.kind))].map((value) => ({ value, label: channel(value) }))],
    ['account', accounts.map((a) => ({ value: a.accountId, label: a.name || a.accountId }))],
    ['topic', [...topics.map((x) => ({ value: x.topicId, label: x.name })), without('topic')]],
    ['line', [...lines.map((l) => ({ value: l.lineId, label: l.name || l.lineId })), without('line')]],
    ['language', [...languages.map((l) => ({ value: l.languageId, label: l.name })), without('language')]],
    ['handled', (['automatic', 'by_operators', 'unserved'] as const).map((value) => ({ value, label: t(`hs.handled.${value}`) }))],
    ['rating', [...['5', '4', '3', '2', '1'].map((value) => ({ value, label: value })), { value: '0', label: t('hs.rating.none') }]],
  ];
}

function Several({ name, known, place, go }: Props & { name: List; known: Option[] }) {
  const { t } = useWords();
  const channel = useChannelName();
  const chosen = place[name].map((value) => value || none);
  // What somebody's link names may be gone since, or not be in sight of this person.
  const strange = chosen.filter((value) => !known.some((o) => o.value === value));
  const label = (value: string) => (value === none ? t(`hs.${name as 'kind'}.none`) : name === 'kind' ? channel(value) : value);
  const options = [...known, ...strange.map((value) => ({ value, label: label(value) }))];
  return (
    <MultiSelect
      size="xs" label={t(`hs.${name}`)} searchable={options.length > 8} clearable={chosen.length > 1} clearButtonProps={{ 'aria-label': `${t(`hs.${name}`)}: ${t(`hs.${name}.any`)}` }}
      placeholder={chosen.length === 0 ? t(`hs.${name}.any`) : undefined} hidePickedOptions={false} value={chosen} data={options} comboboxProps={still}
      onChange={(values) => go({ [name]: values.map((value) => (value === none ? '' : value)) })}
    />
  );
}

function One({ name, options, place, go }: Props & { name: 'status' | 'counted' | 'figure'; options: Option[] }) {
  const { t } = useWords();
  return (
    <Select
      size="xs" label={t(`hs.${name}`)} searchable={options.length > 8} clearable placeholder={t(`hs.${name}.any`)} value={place[name] || null} data={options} comboboxProps={still}
      // A figure of statistics is never made of what they do not count.
      onChange={(value) => go({ ...(name === 'figure' && value ? { counted: 'yes' } : name === 'counted' && value !== 'yes' ? { figure: '' } : {}), [name]: value ?? '' })}
    />
  );
}

/** Whether statistics count a conversation, and in which of their figures it has a part. */
function Counted(props: Props) {
  const { t, locale } = useWords();
  const figures = useDefinitions().data?.items.filter((d) => d.id !== 'total') ?? [];
  return (
    <>
      <One {...props} name="counted" options={(['yes', 'no'] as const).map((value) => ({ value, label: t(`hs.counted.${value}`) }))} />
      <One {...props} name="figure" options={figures.map((d) => ({ value: d.id, label: d.name[locale] }))} />
    </>
  );
}
