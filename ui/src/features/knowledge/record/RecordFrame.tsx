/** What is around every form of the knowledge base: where it is, what it is called, what can be done with it. */
import { Button, Group, Text, Title } from '@mantine/core';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { ConfirmDialog, useCommands, type Command } from '../../../kit';
import { ArrowLeftIcon, DeleteIcon } from '../../../kit/icons';
import { addressOf, type Place } from '../place';
import { useWords } from '../text';
import { usePerson } from '../useNames';
import type { Wrong } from '../checks';
import { Conflict } from './Conflict';
import type { Fact } from '../facts';
import type { Editing } from './useRecord';
import classes from '../knowledge.module.css';

interface Props<T> {
  place: Place;
  editing: Editing<T>;
  /** The record in words, to be compared with another one. */
  facts: (value: T) => Fact[];
  /** Why it can't be saved now. */
  waits?: string;
  /** More that can be done. */
  actions?: ReactNode;
  /** What stands beside the form. */
  aside?: ReactNode;
  children: ReactNode;
}

export function RecordFrame<T>({ place, editing, facts, waits, actions, aside, children }: Props<T>) {
  const { t } = useWords();
  const { base, dirty, busy, isNew, name, save } = editing;
  const form = useRef<HTMLFormElement>(null);
  useFirstWrong(form.current, editing.wrong);
  useSaveKey(() => form.current?.requestSubmit());
  const reason = waits ?? (dirty || isNew ? undefined : t('kb.saved.nothing'));
  return (
    <form
      ref={form}
      className={classes.record}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && !reason) void save();
      }}
    >
      <div className={classes.bar}>
        <Group gap="xs" wrap="nowrap" className={classes.where}>
          <Link href={addressOf({ ...place, open: '' })} className={classes.back} aria-label={t(`kb.back.${place.tab}`)} data-hint={t(`kb.back.${place.tab}`)}>
            <ArrowLeftIcon size={18} aria-hidden />
          </Link>
          <div className={classes.called}>
            <Title order={1} size="h4" className={classes.name}>{isNew ? t(`kb.new.${place.tab}`) : name}</Title>
            {base && <Marked at={base.at} by={base.by} />}
          </div>
        </Group>
        <Group gap="xs" wrap="nowrap">
          {actions}
          {base && <Remove place={place} editing={editing} />}
          <Button type="submit" loading={busy} disabled={!!reason} title={reason} aria-keyshortcuts="Alt+S">
            {t(isNew ? 'kb.create' : 'kb.save')}
          </Button>
        </Group>
      </div>
      <Conflict editing={editing} facts={facts} />
      <div className={classes.columns}>
        <div className={classes.sections}>{children}</div>
        {aside}
      </div>
    </form>
  );
}

function Marked({ at, by }: { at: string; by: string }) {
  const { t, dateTime } = useWords();
  const person = usePerson();
  return <Text size="xs" c="dimmed">{t('kb.changed.by', { at: dateTime(Date.parse(at)), who: person(by) })}</Text>;
}

/** Asks first: who finds the knowledge base without it has to be able to rely on that. */
function Remove<T>({ place, editing: { name, busy, remove } }: { place: Place; editing: Editing<T> }) {
  const { t } = useWords();
  const [asked, ask] = useState(false);
  return (
    <>
      <Button variant="default" leftSection={<DeleteIcon size={16} aria-hidden />} disabled={busy} onClick={() => ask(true)}>{t('kb.delete')}</Button>
      <ConfirmDialog
        opened={asked} danger title={t('kb.delete.title', { name })} text={t(`kb.delete.text.${place.tab}`)} confirm={t('kb.delete')} onCancel={() => ask(false)}
        onConfirm={() => {
          ask(false);
          void remove();
        }}
      />
    </>
  );
}

/** After a refusal the focus goes to the first field that has to be mended. */
function useFirstWrong(form: HTMLFormElement | null, wrong: Wrong): void {
  const told = Object.keys(wrong).length > 0;
  const seen = useRef(false);
  useEffect(() => {
    if (told && !seen.current) form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    seen.current = told;
  });
}

function useSaveKey(submit: () => void): void {
  const { t } = useWords();
  const run = useRef(submit);
  run.current = submit;
  const commands = useMemo<Command[]>(
    () => [{ id: 'kb.save', group: t('kb.heading'), label: t('kb.save'), run: () => run.current() }],
    [t],
  );
  useCommands(commands);
}
