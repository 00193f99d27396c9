/** The history of a place: who changed what, and the way back of each change. */
import { Button, Table } from '@mantine/core';
import { useState } from 'react';
import { complain, ConfirmDialog, Empty, Failure, Lines, say, useReason } from '../../kit';
import { UndoIcon } from '../../kit/icons';
import { problemOf } from '../../sync';
import { undoChange, useSettingsChanges, type SettingsChange, type SettingsForm } from '../../sync/settings';
import { nameOf, useSaid } from './names';
import { useWords } from './text';
import { sayValue } from './value';
import classes from './settings.module.css';

export function Changes({ form }: { form: SettingsForm }) {
  const { t } = useWords();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useSettingsChanges(form.center_id);
  const [asked, ask] = useState<SettingsChange>();
  if (!data) return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={60} />;
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Empty title={t('settings.changes.none')} text={t('settings.changes.none.text')} />;
  return (
    <>
      <ol className={classes.changes}>
        {items.map((change) => <One key={change.revision} change={change} form={form} undo={() => ask(change)} />)}
      </ol>
      {hasNextPage && <Button variant="default" loading={isFetchingNextPage} mx="auto" onClick={() => void fetchNextPage()}>{t('settings.changes.more')}</Button>}
      {asked && <Undoing change={asked} form={form} close={() => ask(undefined)} />}
    </>
  );
}

function One({ change, form, undo }: { change: SettingsChange; form: SettingsForm; undo: () => void }) {
  const { t, dateTime } = useWords();
  const time = dateTime(Date.parse(change.at));
  return (
    <li className={classes.part}>
      <div className={classes.head}>
        <p className={classes.when}><strong>{change.name || change.by}</strong><time dateTime={change.at}>{time}</time></p>
        {change.differences.length > 0 && (
          <Button variant="default" size="xs" leftSection={<UndoIcon size={14} aria-hidden />} aria-label={t('settings.changes.undo.of', { time })} onClick={undo}>{t('settings.changes.undo')}</Button>
        )}
      </div>
      {change.differences.length > 0 ? <Differences change={change} form={form} label={time} /> : <p className={classes.stacked}>{t('settings.changes.nothing')}</p>}
    </li>
  );
}

function Differences({ change, form, label, back }: { change: SettingsChange; form: SettingsForm; label: string; back?: boolean }) {
  const { t, locale } = useWords();
  const say = (id: string, value: unknown) => {
    const setting = form.settings.find((s) => s.id === id);
    if (value === null || !setting) return <span className={classes.dim}>{t('settings.changes.unsaid')}</span>;
    return sayValue(setting, value, t, locale);
  };
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table className={classes.differences} aria-label={label} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="34%">{t('settings.changes.what')}</Table.Th>
            <Table.Th>{t(back ? 'settings.changes.after' : 'settings.changes.before')}</Table.Th>
            {!back && <Table.Th>{t('settings.changes.after')}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {change.differences.map((d) => (
            <Table.Tr key={d.id}>
              <Table.Td>{nameOf(d.id, t)}</Table.Td>
              <Table.Td>{say(d.id, d.before)}</Table.Td>
              {!back && <Table.Td>{say(d.id, d.after)}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** What the settings will be is shown before it is done. */
function Undoing({ change, form, close }: { change: SettingsChange; form: SettingsForm; close: () => void }) {
  const { t } = useWords();
  const reason = useReason();
  const said = useSaid();
  const [busy, setBusy] = useState(false);
  const undo = async () => {
    setBusy(true);
    try {
      await undoChange(form.center_id, change.revision, form.revision);
      say(t('settings.changes.undone'));
    } catch (thrown) {
      complain(said(problemOf(thrown).detail) || reason(thrown));
    }
    close();
  };
  return (
    <ConfirmDialog opened busy={busy} title={t('settings.changes.undo.title')} text={t('settings.changes.undo.text')} confirm={t('settings.changes.undo')} onCancel={close} onConfirm={() => void undo()}>
      <Differences change={change} form={form} label={t('settings.changes.undo.title')} back />
    </ConfirmDialog>
  );
}
