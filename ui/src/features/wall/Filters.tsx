/** What is looked at, and in which order. */
import { Button, Select, TextInput } from '@mantine/core';
import { SearchIcon } from '../../kit/icons';
import { useWorkplace } from '../../sync';
import { isFiltered, unfiltered, type Place } from './place';
import { useWords } from './text';
import type { Go } from './WallPage';
import classes from './wall.module.css';

export function Filters({ place, go }: { place: Place; go: Go }) {
  const { t } = useWords();
  const { lines, centers } = useWorkplace();
  const mine = lines.filter((l) => !place.center || l.centerId === place.center);
  const inCenter = (center: string) => !place.line || !center || lines.some((l) => l.lineId === place.line && l.centerId === center);
  return (
    <search className={classes.filters} aria-label={t('wall.filters')}>
      <TextInput
        size="xs" aria-label={t('wall.text')} placeholder={t('wall.text')} value={place.text} leftSection={<SearchIcon size={14} aria-hidden />}
        onChange={(e) => go({ text: e.currentTarget.value }, true)} className={classes.text}
      />
      {centers.length > 1 && (
        <Select
          size="xs" aria-label={t('wall.center')} allowDeselect={false} value={place.center} searchable={centers.length > 10}
          data={[{ value: '', label: t('wall.center.any') }, ...centers.map((c) => ({ value: c.centerId, label: c.name || c.centerId }))]}
          onChange={(center) => go({ center: center ?? '', line: inCenter(center ?? '') ? place.line : '' })}
        />
      )}
      <Select
        size="xs" aria-label={t('wall.line')} allowDeselect={false} value={place.line} searchable={mine.length > 10}
        data={[{ value: '', label: t('wall.line.any') }, ...mine.map((l) => ({ value: l.lineId, label: l.name || l.lineId }))]}
        onChange={(line) => go({ line: line ?? '' })}
      />
      <Select
        size="xs" aria-label={t('wall.order')} allowDeselect={false} value={place.byWait ? 'wait' : 'name'} className={classes.order}
        data={(['name', 'wait'] as const).map((value) => ({ value, label: t(`wall.order.${value}`) }))}
        onChange={(order) => go({ byWait: order === 'wait' })}
      />
      {isFiltered(place) && <Button variant="subtle" size="compact-sm" onClick={() => go(unfiltered)}>{t('wall.clear')}</Button>}
    </search>
  );
}
