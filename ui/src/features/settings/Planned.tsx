/** What a night removes, center by center; and a rule tried before it is saved. */
import { Button, Table } from '@mantine/core';
import { useId, useState } from 'react';
import { Empty, Failure, Lines } from '../../kit';
import { useTried, type Planned, type RetentionPlan } from '../../sync/retention';
import type { Place, Setting, SettingsForm } from '../../sync/settings';
import { shown, type Draft } from './draft';
import { flawed, read } from './entered';
import { useWords } from './text';
import classes from './settings.module.css';

/** How centers are called; one that is no more by its id. */
export const nameOf = (centers: readonly Place[], id: string) => centers.find((c) => c.center_id === id)?.name ?? id;

/** How long words are kept, in words. */
export function useKept(): (days: number) => string {
  const { t } = useWords();
  return (days) => (days > 0 ? t('settings.retention.days', { count: days }) : t('settings.ever'));
}

export function PlanTable({ items, centers, label }: { items: readonly Planned[]; centers: readonly Place[]; label: string }) {
  const { t, number, dateTime } = useWords();
  const kept = useKept();
  const bound = items.some((p) => p.left > 0);
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table className={classes.counts} aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('settings.retention.center')}</Table.Th>
            <Table.Th>{t('settings.retention.kept')}</Table.Th>
            <Table.Th>{t('settings.retention.conversations')}</Table.Th>
            <Table.Th>{t('settings.retention.messages')}</Table.Th>
            <Table.Th>{t('settings.retention.first')}</Table.Th>
            {bound && <Table.Th>{t('settings.retention.left')}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((p) => (
            <Table.Tr key={p.center_id}>
              <Table.Th scope="row">{nameOf(centers, p.center_id)}</Table.Th>
              <Table.Td>{kept(p.days)}</Table.Td>
              <Table.Td>{number(p.conversations)}</Table.Td>
              <Table.Td>{number(p.messages)}</Table.Td>
              <Table.Td>{p.first_at ? dateTime(Date.parse(p.first_at)) : '—'}</Table.Td>
              {bound && <Table.Td>{number(p.left)}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {bound && <p className={classes.dim}>{t('settings.retention.left.why')}</p>}
    </Table.ScrollContainer>
  );
}

interface TriedProps {
  setting: Setting;
  form: SettingsForm;
  draft: Draft;
  centers: readonly Place[];
}

/** What is entered is tried as it stands; another rule has to be tried anew. */
export function Tried({ setting, form, draft, centers }: TriedProps) {
  const { t, locale } = useWords();
  const [asked, ask] = useState<number>();
  const why = useId();
  const got = read(setting, shown(setting, draft, locale));
  const days = flawed(got) ? undefined : Number(got.value);
  const fresh = asked !== undefined && asked === days;
  const { data, error, refetch } = useTried(form.center_id, fresh ? days : undefined);
  return (
    <section className={classes.stacked} aria-label={t('settings.retention.try')}>
      <div className={classes.line}>
        <Button variant="default" size="xs" disabled={days === undefined} aria-describedby={why} onClick={() => (fresh ? void refetch() : ask(days))}>{t('settings.retention.try')}</Button>
        <span id={why} className={classes.dim}>{t(days === undefined ? 'settings.retention.try.wrong' : form.center_id ? 'settings.retention.try.center' : 'settings.retention.try.text')}</span>
      </div>
      {fresh && (data ? <Outcome plan={data} centers={centers} /> : error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={2} height={20} />)}
    </section>
  );
}

function Outcome({ plan, centers }: { plan: RetentionPlan; centers: readonly Place[] }) {
  const { t, dateTime } = useWords();
  const count = plan.items.reduce((sum, p) => sum + p.conversations, 0);
  if (plan.items.length === 0) return <Empty title={t('settings.retention.nowhere')} text={t('settings.retention.nowhere.text')} />;
  const at = dateTime(Date.parse(plan.next_at));
  return (
    <>
      <p role="status" className={classes.when}>{count > 0 ? t('settings.retention.tried', { count, at }) : t('settings.retention.tried.nothing', { at })}</p>
      <PlanTable items={plan.items} centers={centers} label={t('settings.retention.try')} />
    </>
  );
}
