/** A form at the side of the page: its fields, «Сохранить» in view, and «Удалить» with a question. */
import { Alert, Button, Drawer, Group, Stack } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { ConfirmDialog, complain, leave, leaveAnyway, say, stay, useFocusBack, useLeaving, useReason } from '../../../kit';
import { DeleteIcon } from '../../../kit/icons';
import { problemOf } from '../../../sync';
import { useOurWords } from '../sentences';
import { useWords } from '../text';
import type { Editing, Wrong } from '../useEditing';
import classes from '../agents.module.css';

interface Props {
  title: string;
  /** What it is of, in a line below the title. */
  about?: string;
  editing: Pick<Editing<object>, 'busy' | 'submit' | 'wrong'>;
  close: () => void;
  size?: string | number;
  remove?: Removal;
  children: ReactNode;
}

interface Removal {
  title: string;
  text: string;
  run: () => Promise<void>;
  said: string;
}

export function Sheet({ title, about, editing, close, size = 'lg', remove, children }: Props) {
  const { t } = useWords();
  const asked = useLeaving((s) => s.wish !== null);
  const [removing, ask] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useFirstWrong(form, editing.wrong);
  useFocusBack();
  return (
    <Drawer
      opened onClose={() => leave(close)} position="right" size={size} title={title} closeOnEscape={!asked && !removing} returnFocus={false}
      closeButtonProps={{ 'aria-label': t('kit.close') }} classNames={{ content: classes.drawer, body: classes.body, title: classes.title }}
    >
      <form
        ref={form} className={classes.form} noValidate
        onSubmit={(e) => {
          e.preventDefault();
          if (!editing.busy) void editing.submit();
        }}
      >
        {about && <p className={classes.about}>{about}</p>}
        {children}
        <Group className={classes.foot} justify="space-between">
          <Button type="submit" loading={editing.busy}>{t('agents.save')}</Button>
          {remove && <Button variant="default" leftSection={<DeleteIcon size={16} aria-hidden />} onClick={() => ask(true)}>{t('agents.delete')}</Button>}
        </Group>
      </form>
      {remove && <Removing remove={remove} asked={removing} stop={() => ask(false)} close={close} />}
      <ConfirmDialog opened={asked} danger title={t('agents.leave.title')} text={t('agents.leave.text')} confirm={t('agents.leave')} onConfirm={leaveAnyway} onCancel={stay} />
    </Drawer>
  );
}

/** After a refusal the focus goes to the first field that has to be mended. */
function useFirstWrong(form: React.RefObject<HTMLFormElement | null>, wrong: Wrong): void {
  const told = Object.values(wrong).some(Boolean);
  const seen = useRef(false);
  useEffect(() => {
    if (told && !seen.current) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    seen.current = told;
  });
}

/** Who is refused is told where the thing is needed. */
function Removing({ remove, asked, stop, close }: { remove: Removal; asked: boolean; stop: () => void; close: () => void }) {
  const { t } = useWords();
  const reason = useReason();
  const ours = useOurWords();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await remove.run();
      say(remove.said);
      close();
    } catch (thrown) {
      const problem = problemOf(thrown);
      complain(problem.status === 409 && problem.detail ? ours(problem.detail) : reason(thrown));
      setBusy(false);
      stop();
    }
  };
  return <ConfirmDialog opened={asked} danger busy={busy} title={remove.title} text={remove.text} confirm={t('agents.delete')} onConfirm={() => void run()} onCancel={stop} />;
}

/** What has to be known before the fields below it make sense. */
export function Note({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <Alert variant="light" color="blue" role="note" title={title}>
      <Stack gap="xs">{children}</Stack>
    </Alert>
  );
}
