/** The slices that are chosen. Each goes with a press, or all of them at once. */
import { Button, Text } from '@mantine/core';
import { CloseIcon } from '../../kit/icons';
import { barToggled, isSliced, slices, toggled, unsliced } from './place';
import type { About } from './StatisticsPage';
import { useWords } from './text';
import { useNames } from './useNames';
import classes from './statistics.module.css';

export function Chips({ about: { place, go } }: { about: About }) {
  const { t } = useWords();
  const names = useNames();
  if (!isSliced(place)) return <Text size="sm" c="dimmed" className={classes.chips}>{t('st.slices.none')}</Text>;
  const bar = place.bar;
  return (
    <div role="group" aria-label={t('st.slices')} className={classes.chips}>
      {bar && <Chip text={`${t('st.slice.time')}: ${names.span(bar)}`} remove={() => go(barToggled(place, bar))} />}
      {slices.flatMap((name) => place[name].map((value) => (
        <Chip key={`${name} ${value}`} text={`${t(`st.slice.${name}`)}: ${names.of(name, value)}`} remove={() => go(toggled(place, name, value))} />
      )))}
      <Button variant="subtle" size="compact-sm" onClick={() => go(unsliced)}>{t('st.slice.reset')}</Button>
    </div>
  );
}

function Chip({ text, remove }: { text: string; remove: () => void }) {
  const { t } = useWords();
  return (
    <Button variant="light" size="compact-sm" radius="xl" rightSection={<CloseIcon size={14} aria-hidden />} aria-label={t('st.slice.remove', { slice: text })} onClick={remove}>
      {text}
    </Button>
  );
}
