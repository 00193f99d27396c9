/** Of which conversations the figures are, and how finely time is told apart. */
import { Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { memo } from 'react';
import { hinted } from '../../kit';
import { dayAgo } from '../../kit/day';
import { during, fits, ranges, steps, type Place, type Range, type Span, type Step } from './place';
import type { Go } from './StatisticsPage';
import { useWords } from './text';
import classes from './statistics.module.css';

interface Props extends Pick<Place, 'range' | 'from' | 'to'> {
  period: Span;
  step: Step;
  go: Go;
}

/** A slice is no matter of the period: it does not draw this anew. */
export const Period = memo(function Period({ range: current, from, to, period, step, go }: Props) {
  const { t } = useWords();
  return (
    <search className={classes.filters} aria-label={t('st.filters')}>
      <Group gap={4} role="group" aria-label={t('st.range')}>
        <Text size="sm" className={classes.label} aria-hidden>{t('st.range')}</Text>
        {(Object.keys(ranges) as Range[]).map((range) => (
          <Button
            key={range} size="compact-sm" variant={current === range ? 'light' : 'subtle'} color={current === range ? undefined : 'gray'}
            className={classes.quick} aria-pressed={current === range} onClick={() => go(during({ range }))}
          >
            {t(`st.range.${range}`)}
          </Button>
        ))}
      </Group>
      <Days from={from} to={to} go={go} />
      <Steps period={period} step={step} go={go} />
    </search>
  );
});

/** Two days make a period; the one that is missing is today. */
function Days({ from, to, go }: Pick<Props, 'from' | 'to' | 'go'>) {
  const { t } = useWords();
  const today = dayAgo(0);
  const choose = (a: string, b: string) => a && b && go(during(a <= b ? { from: a, to: b } : { from: b, to: a }), true);
  return (
    <Group gap={8} wrap="nowrap">
      <Text size="sm" component="label" htmlFor="st-from" className={classes.label}>{t('st.from')}</Text>
      <TextInput id="st-from" type="date" size="xs" value={from} max={today} onChange={(e) => choose(e.currentTarget.value, to || today)} />
      <Text size="sm" component="label" htmlFor="st-to" className={classes.label}>{t('st.to')}</Text>
      <TextInput id="st-to" type="date" size="xs" value={to} max={today} onChange={(e) => choose(from || e.currentTarget.value, e.currentTarget.value)} />
    </Group>
  );
}

function Steps({ period, step, go }: Pick<Props, 'period' | 'step' | 'go'>) {
  const { t } = useWords();
  return (
    <Group gap={8} wrap="nowrap">
      <Text size="sm" className={classes.label} aria-hidden>{t('st.step')}</Text>
      <SegmentedControl
        size="xs" aria-label={t('st.step')} value={step} onChange={(value) => go({ step: value as Step, bar: null })}
        data={(Object.keys(steps) as Step[]).map((value) => ({
          value, disabled: !fits(value, period),
          label: <span {...(fits(value, period) ? {} : hinted(t('st.step.fine')))}>{t(`st.step.${value}`)}</span>,
        }))}
      />
    </Group>
  );
}
