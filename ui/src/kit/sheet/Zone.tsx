/** A time zone is chosen: those of Russia first, then all that the browser knows. */
import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { cityOf, zones } from '../zones';
import { useWords } from './text';

interface Props {
  /** What no zone means. */
  none: string;
  value: string;
  error?: string;
  change: (zone: string) => void;
}

export function Zone({ none, value, error, change }: Props) {
  const { t } = useWords();
  const nameOf = useZoneName();
  const data = useMemo(() => {
    const { russian, others } = zones(value);
    const named = (zone: string) => ({ value: zone, label: nameOf(zone) });
    return [{ value: '', label: none }, { group: t('sheet.zone.russia'), items: russian.map(named) }, { group: t('sheet.zone.others'), items: others.map(named) }];
  }, [none, value, t]); // names change with the words
  return <Select label={t('sheet.zone')} searchable limit={100} allowDeselect={false} data={data} value={value} error={error} onChange={(zone) => change(String(zone ?? ''))} />;
}

/** A zone as it is called: one of Russia by its city and its distance from Greenwich, others by their names. */
export function useZoneName(): (zone: string) => string {
  const { t } = useWords();
  return (zone) => {
    const city = cityOf(zone);
    return city ? [t(`sheet.city.${city}`), offset(zone)].filter(Boolean).join(', ') : zone.replaceAll('_', ' ');
  };
}

function offset(zone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(Date.now());
  return parts.find((part) => part.type === 'timeZoneName')?.value.replace('GMT', 'UTC') ?? '';
}
