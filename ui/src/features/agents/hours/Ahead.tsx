/** What working hours come to in the next two weeks, while they are written: by the server's own arithmetic. */
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { serverNow } from '../../../sync';
import { previewHours, type Agency } from '../../../sync/agents';
import { useWords } from '../text';
import { calendarOf, check, clockOf, type Values } from './clock';
import { sayNow } from './when';
import classes from '../agents.module.css';

export function Ahead({ agency, value }: { agency: Agency; value: Values }) {
  const { t, locale } = useWords();
  const id = useId();
  const center = agency.centers.find((c) => c.calendar_id === value.id) ?? agency.centers[0];
  const [rested] = useDebouncedValue(value, 400);
  const asked = { ...calendarOf(rested), center_id: center?.center_id ?? '' };
  const enabled = Object.values(check(rested, t)).every((wrong) => !wrong);
  const { data, isError } = useQuery({
    queryKey: ['agents', 'ahead', JSON.stringify(asked)], queryFn: () => previewHours(asked), enabled, placeholderData: keepPreviousData, retry: false, refetchOnWindowFocus: false,
  });
  if (!data) return null;
  const day = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
  const state = sayNow({ of: 'calendar', id: value.id, calendar_id: value.id, ...data }, serverNow(), locale, t);
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className={classes.aheadTitle}>{t('agents.ahead')}</h3>
      <p className={classes.dim} role="status">{isError || !enabled ? t('agents.ahead.wrong') : t('agents.now', { state })}</p>
      <ul className={classes.ahead} data-stale={isError || !enabled || undefined}>
        {data.days.map((one) => (
          <li key={one.date} data-special={one.special || undefined} data-closed={one.hours.length === 0 || undefined}>
            <strong>{day.format(Date.parse(`${one.date}T00:00Z`))}</strong>
            <span>{one.hours.length > 0 ? one.hours.map((h) => `${clockOf(h.from)}–${clockOf(h.to)}`).join(', ') : t('agents.ahead.closed')}</span>
            {one.special && <span className={classes.dim}>{one.name || t('agents.ahead.special')}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
