/** «Колл-центр»: its name, where its clock is, and its first line. */
import { Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMemo, useState } from 'react';
import { useWords as useSheetWords } from '../../kit/sheet/text';
import { cityOf, zones as zonesWith } from '../../kit/zones';
import { serverNow } from '../../sync';
import { Acts } from './Acts';
import { checkName } from './check';
import { isDone, type Begun } from './kept';
import { saveCenter, type CenterWish } from './save';
import { useWords } from './text';
import { useSave } from './useSave';
import classes from './welcome.module.css';
import { clockIn, ownZone } from './zones';

interface Props {
  begun: Begun;
  onSaved: () => Promise<void>;
  onSkip: () => void;
}

export function CenterForm({ begun, onSaved, onSkip }: Props) {
  const { t } = useWords();
  const named = (text: string) => worded(checkName(text));
  const worded = (key: ReturnType<typeof checkName>) => key && t(key);
  const form = useForm<CenterWish & Record<string, unknown>>({
    initialValues: {
      name: begun.center?.name ?? '',
      timeZone: begun.center?.time_zone || ownZone(),
      line: begun.line?.name ?? t('welcome.line.first'),
    },
    validate: { name: named, line: named },
  });
  const { busy, problem, run, refuse } = useSave(form);
  return (
    <form noValidate onSubmit={form.onSubmit((wish) => void run(() => saveCenter(wish).then(onSaved)), refuse)}>
      <Stack gap="sm">
        <TextInput label={t('welcome.center.name')} placeholder={t('welcome.center.example')} withAsterisk {...form.getInputProps('name')} />
        <Zone {...form.getInputProps('timeZone')} />
        <TextInput label={t('welcome.line')} description={t('welcome.line.text')} inputWrapperOrder={['label', 'input', 'description', 'error']} withAsterisk {...form.getInputProps('line')} />
        <Acts label={isDone('center', begun) ? 'welcome.save' : 'welcome.center.do'} busy={busy} problem={problem} onSkip={onSkip} />
      </Stack>
    </form>
  );
}

interface ZoneProps {
  value?: string;
  onChange: (zone: string | null) => void;
}

/** There are four hundred zones: all of them are there only while one is chosen. */
function Zone({ value = '', ...field }: ZoneProps) {
  const { t, locale } = useWords();
  const [open, setOpen] = useState(false);
  const zones = useZones(value);
  const clock = clockIn(value, serverNow(), locale);
  return (
    <Select
      label={t('welcome.zone')}
      description={clock && t('welcome.zone.now', { clock })}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      data={open ? zones.all : zones.chosen}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      searchable
      allowDeselect={false}
      nothingFoundMessage={t('welcome.zone.none')}
      withScrollArea={false}
      classNames={{ options: classes.zones }}
      value={value}
      {...field}
    />
  );
}

function useZones(chosen: string) {
  const { t, locale } = useSheetWords();
  return useMemo(() => {
    const { russian, others } = zonesWith(chosen);
    const russia = russian.map((value) => ({ value, label: `${t(`sheet.city.${cityOf(value)!}`)} (${value})` }));
    const all = [{ group: t('sheet.zone.russia'), items: russia }, { group: t('sheet.zone.others'), items: others }];
    return { all, chosen: [russia.find(({ value }) => value === chosen) ?? chosen] };
  }, [chosen, locale]); // the words change with the language
}
