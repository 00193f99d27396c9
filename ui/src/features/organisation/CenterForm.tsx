/** One center: what it is called, its clock and hours, its lines, and pages of other systems beside its conversations. */
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { AddIcon } from '../../kit/icons';
import { idOf, isId } from '../../kit/sheet/ids';
import { Sheet } from '../../kit/sheet/Sheet';
import { UsedPart } from '../../kit/sheet/UsedBy';
import { fresh, type TabPlace } from '../../kit/sheet/useTabPlace';
import { useEditing } from '../../kit/sheet/useEditing';
import { useWords as useSheetWords } from '../../kit/sheet/text';
import { Zone } from '../../kit/sheet/Zone';
import { putEntry, putTabs, type Center, type Organisation } from '../../sync/organisation';
import { Hours } from './Hours';
import type { Tab } from './OrganisationPage';
import { usedOf, useRemoval } from './removal';
import { flawOf, Tabs, tabsOf, type TabValues } from './Tabs';
import { useWords } from './text';
import classes from '../../kit/sheet/sheet.module.css';

interface Props {
  all: Organisation;
  center?: Center;
  place: TabPlace<Tab>;
}

interface Values {
  id: string;
  name: string;
  zone: string;
  calendar: string;
  tabs: TabValues;
}

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function CenterForm({ all, center: now, place }: Props) {
  const { t } = useWords();
  const words = useSheetWords();
  const removal = useRemoval();
  // What somebody else keeps meanwhile is not written over: the server refuses then.
  const [center] = useState(now);
  const [settings] = useState(() => all.settings.find((s) => s.center_id === now?.center_id));
  const taken = all.centers.map((c) => c.center_id);
  const editing = useEditing<Values, unknown>({
    begin: () => ({ id: center?.center_id ?? '', name: center?.name ?? '', zone: center?.time_zone ?? own, calendar: center?.calendar_id ?? '', tabs: tabsOf(settings) }),
    check: (v) => ({
      name: v.name.trim() ? undefined : words.t('sheet.need'), tabs: flawOf(v.tabs, t),
      id: center || v.id === '' || isId(v.id) ? undefined : words.t('sheet.wrong.id'),
    }),
    put: async (v) => {
      const id = center?.center_id ?? (v.id || idOf(v.name, 'center', taken));
      const kept = await putEntry('centers', id, { name: v.name.trim(), time_zone: v.zone, calendar_id: v.calendar }, center?.revision);
      const before = tabsOf(settings);
      if (JSON.stringify(v.tabs) !== JSON.stringify(before)) await putTabs(settings ?? { center_id: id, in_force: {}, revision: 0 }, v.tabs.own ? v.tabs.tabs : undefined);
      return kept;
    },
    fieldOf: (named) => (named.startsWith('integration') ? 'tabs' : ({ center_id: 'id', name: 'name', time_zone: 'zone', calendar_id: 'calendar' } as const)[named]),
    said: t('org.center.saved'), done: () => place.show(''),
  });
  const { value, wrong, set } = editing;
  const name = center ? center.name || center.center_id : t('org.centers.add');
  return (
    <Sheet title={name} about={center?.center_id} size={680} editing={editing} close={() => place.show('')} remove={center && removal(all, 'center', center.center_id, name)}>
      <TextInput label={t('org.name')} withAsterisk data-autofocus placeholder={t('org.center.example')} value={value.name} error={wrong.name} onChange={(e) => set({ name: e.currentTarget.value })} />
      {!center && (
        <TextInput
          label={words.t('sheet.id')} description={words.t('sheet.id.hint')} placeholder={idOf(value.name, 'center', taken)} value={value.id} error={wrong.id}
          onChange={(e) => set({ id: e.currentTarget.value })}
        />
      )}
      <Zone none={t('org.center.zone.none')} value={value.zone} error={wrong.zone} change={(zone) => set({ zone })} />
      <Hours all={all} otherwise={t('org.hours.always')} value={value.calendar} error={wrong.calendar} change={(calendar) => set({ calendar })} />
      {center && <LinesOf all={all} center={center.center_id} place={place} />}
      <Tabs owner={center?.center_id} value={value.tabs} whole={all.settings.find((s) => s.center_id === '')} wrong={wrong.tabs} change={(tabs) => set({ tabs })} />
      {center && <UsedPart users={usedOf(all, 'center', center.center_id)?.by ?? []} />}
    </Sheet>
  );
}

function LinesOf({ all, center, place }: { all: Organisation; center: string; place: TabPlace<Tab> }) {
  const { t } = useWords();
  const lines = all.lines.filter((l) => l.center_id === center);
  return (
    <section className={classes.part}>
      <h3>{t('org.center.lines')}</h3>
      <Group gap="xs">
        {lines.length === 0 && <Text size="sm" c="dimmed">{t('org.center.lines.none')}</Text>}
        {lines.map((l) => <Button key={l.line_id} size="compact-sm" variant="default" component={Link} href={place.hrefOf(l.line_id, 'lines')}>{l.name || l.line_id}</Button>)}
        <Button size="compact-sm" variant="subtle" leftSection={<AddIcon size={14} aria-hidden />} component={Link} href={`${place.hrefOf(fresh, 'lines')}?center=${encodeURIComponent(center)}`}>
          {t('org.center.lines.add')}
        </Button>
      </Group>
    </section>
  );
}
