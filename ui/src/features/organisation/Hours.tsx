/** The working hours of a center or a line, of those that there are. */
import { Anchor, Select } from '@mantine/core';
import { Link } from 'wouter';
import type { Organisation } from '../../sync/organisation';
import { useWords } from './text';

interface Props {
  all: Organisation;
  /** What holds without a calendar. */
  otherwise: string;
  value: string;
  error?: string;
  change: (calendar: string) => void;
}

export function Hours({ all, otherwise, value, error, change }: Props) {
  const { t } = useWords();
  const data = [{ value: '', label: otherwise }, ...all.calendars.map((c) => ({ value: c.calendar_id, label: c.name || c.calendar_id }))];
  return (
    <Select
      label={t('org.hours')} data={data} value={value} error={error} allowDeselect={false} onChange={(id) => change(id ?? '')}
      description={<>{t('org.hours.hint')} <Anchor component={Link} href="/agents/hours" inherit underline="always">{t('org.hours.page')}</Anchor></>}
    />
  );
}
