/** What is looked for. */
import { Button, Group, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useWorkplace } from '../../sync';
import { isFiltered, unfiltered, type Place } from './place';
import type { Go } from './ReviewsPage';
import { useWords } from './text';
import side from '../../kit/sideList.module.css';

export function Filters({ place, go }: { place: Place; go: Go }) {
  const { t } = useWords();
  const { lines, accounts } = useWorkplace();
  return (
    <search className={side.filters} aria-label={t('rv.filters')}>
      <SegmentedControl
        fullWidth size="xs" aria-label={t('rv.state')} value={place.state} onChange={(state) => go({ state: state as Place['state'], open: '' })}
        data={(['closed', 'reviewed'] as const).map((value) => ({ value, label: t(`rv.state.${value}`) }))}
      />
      <Group gap={8} grow>
        <Select
          size="xs" aria-label={t('rv.line')} allowDeselect={false} value={place.line} onChange={(line) => go({ line: line ?? '' })}
          data={[{ value: '', label: t('rv.line.any') }, ...lines.map((l) => ({ value: l.lineId, label: l.name || l.lineId }))]}
        />
        <Select
          size="xs" aria-label={t('rv.account')} allowDeselect={false} value={place.account} onChange={(account) => go({ account: account ?? '' })}
          data={[{ value: '', label: t('rv.account.any') }, ...accounts.map((a) => ({ value: a.accountId, label: a.name || a.accountId }))]}
        />
      </Group>
      <Group gap={8} grow>
        <TextInput size="xs" type="date" label={t('rv.from')} value={place.from} max={place.to || undefined} onChange={(e) => go({ from: e.currentTarget.value }, true)} />
        <TextInput size="xs" type="date" label={t('rv.to')} value={place.to} min={place.from || undefined} onChange={(e) => go({ to: e.currentTarget.value }, true)} />
      </Group>
      {isFiltered(place) && <Button variant="subtle" size="compact-xs" onClick={() => go(unfiltered)}>{t('rv.clear')}</Button>}
    </search>
  );
}
