/**
 * «Настройки»: what is on and off for the whole organisation and for each
 * center. A center says only what is its own; all else is as the organisation
 * has it, and can be so again. Who is meant stands in the address.
 */
import { Group, Select, Stack, Text, Title } from '@mantine/core';
import { useLocation, useSearch } from 'wouter';
import { Failure, Lines } from '../../kit';
import { useAllSettings, type AllSettings, type Option, type PlaceSettings } from '../../sync';
import { OptionRow } from './OptionRow';
import { useWords } from './text';
import classes from './settings.module.css';

const parts: { name: 'answers' | 'work'; options: Option[] }[] = [
  { name: 'answers', options: ['auto_capital', 'spell_check', 'forbid_errors'] },
  { name: 'work', options: ['notify_assign', 'affinity', 'ask_dissatisfied'] },
];

export default function SettingsPage() {
  const { t } = useWords();
  const { data, error, refetch } = useAllSettings();
  return (
    <Stack p="lg" gap="md" maw={760} mx="auto" w="100%">
      {data ? (
        <Places all={data} />
      ) : (
        <>
          <Title order={1} size="h3">{t('settings.title')}</Title>
          {error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={40} />}
        </>
      )}
    </Stack>
  );
}

function Places({ all }: { all: AllSettings }) {
  const { t } = useWords();
  const [path, go] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('center') ?? '';
  const place = all.places.find((p) => p.center_id === asked) ?? all.places.find((p) => p.center_id === '');
  const choose = (id: string) => go(id ? `${path}?center=${encodeURIComponent(id)}` : path);
  const whom = [{ value: '', label: t('settings.everybody') }, ...all.centers.map((c) => ({ value: c.center_id, label: c.name }))];
  return (
    <>
      <Group justify="space-between">
        <Title order={1} size="h3">{t('settings.title')}</Title>
        <Select aria-label={t('settings.place')} w={280} data={whom} value={place?.center_id ?? ''} allowDeselect={false} onChange={(id) => choose(id ?? '')} />
      </Group>
      {place && parts.map((p) => <Part key={`${place.center_id}/${p.name}`} name={p.name} options={p.options} place={place} />)}
    </>
  );
}

function Part({ name, options, place }: { name: 'answers' | 'work'; options: Option[]; place: PlaceSettings }) {
  const { t } = useWords();
  return (
    <section className={classes.part} aria-label={t(`settings.${name}`)}>
      <Text component="h2" fw={600} className={classes.head}>{t(`settings.${name}`)}</Text>
      {options.map((o) => (
        <OptionRow key={o} option={o} place={place} />
      ))}
    </section>
  );
}
