/** The form at the side of a page: its fields, what keeps it in view, and what takes the thing out with a question. */
import { Button, Drawer, Group, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { ConfirmDialog } from '../Confirm';
import { DeleteIcon } from '../icons';
import { leave, leaveAnyway, stay, useLeaving } from '../leaving';
import { useRefused } from '../told';
import { complain, say } from '../toast';
import { useFocusBack } from '../useFocusBack';
import { useOurWords } from './OurWords';
import { useWords } from './text';
import { UsedBy, type Use } from './UsedBy';
import classes from './sheet.module.css';

export interface Removal {
  title: string;
  text: string;
  run: () => Promise<void>;
  said: string;
  /** What refers to it: as long as there is any, it stays. */
  users?: Use[];
  /** What it is called there. */
  name?: string;
}

interface Props {
  title: string;
  /** What it is of, in a line below the title. */
  about?: string;
  editing: { busy: boolean; submit: () => Promise<void>; wrong: Record<string, string | undefined> };
  close: () => void;
  size?: string | number;
  remove?: Removal;
  /** Why it was not taken out, in words for people, if the page has its own. */
  reason?: (thrown: unknown) => string;
  /** Beside what keeps it. */
  more?: ReactNode;
  /** Above what keeps it: what has come of that. */
  told?: ReactNode;
  /** Another question stands above the form, which Escape answers. */
  asking?: boolean;
  children: ReactNode;
}

export function Sheet({ title, about, editing, close, size = 'lg', remove, reason, more, told, asking, children }: Props) {
  const { t } = useWords();
  const asked = useLeaving((s) => s.wish !== null);
  const [removing, ask] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useFirstWrong(form, editing.wrong);
  useFocusBack();
  return (
    <Drawer
      opened onClose={() => leave(close)} position="right" size={size} title={title} closeOnEscape={!asked && !removing && !asking} returnFocus={false}
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
        <Stack className={classes.foot} gap="xs">
          {told}
          <Group justify="space-between">
            <Group gap="xs">
              <Button type="submit" loading={editing.busy}>{t('sheet.save')}</Button>
              {more}
            </Group>
            {remove && <Button variant="default" leftSection={<DeleteIcon size={16} aria-hidden />} onClick={() => ask(true)}>{t('sheet.delete')}</Button>}
          </Group>
        </Stack>
      </form>
      {remove && <Removing title={title} remove={remove} asked={removing} reason={reason} stop={() => ask(false)} close={close} />}
      <ConfirmDialog opened={asked} danger title={t('sheet.leave.title')} text={t('sheet.leave.text')} confirm={t('sheet.leave')} onConfirm={leaveAnyway} onCancel={stay} />
    </Drawer>
  );
}

/** After a refusal the focus goes to the first field that has to be mended. */
function useFirstWrong(form: React.RefObject<HTMLFormElement | null>, wrong: Record<string, string | undefined>): void {
  const told = Object.values(wrong).some(Boolean);
  const seen = useRef(false);
  useEffect(() => {
    if (told && !seen.current) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    seen.current = told;
  });
}

interface RemovingProps extends Pick<Props, 'title' | 'reason' | 'close'> {
  remove: Removal;
  asked: boolean;
  stop: () => void;
}

/** Who is refused is told where the thing is needed. */
function Removing({ title, remove, asked, reason, stop, close }: RemovingProps) {
  const { t } = useWords();
  const why = useRefused(useOurWords(), [409]);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await remove.run();
      say(remove.said);
      close();
    } catch (thrown) {
      complain((reason ?? why)(thrown));
      setBusy(false);
      stop();
    }
  };
  if (remove.users?.length) return asked && <InUse name={remove.name ?? title} users={remove.users} close={stop} />;
  return <ConfirmDialog opened={asked} danger busy={busy} title={remove.title} text={remove.text} confirm={t('sheet.delete')} onConfirm={() => void run()} onCancel={stop} />;
}

/** What is in use stays, and says by whom. */
function InUse({ name, users, close }: { name: string; users: Use[]; close: () => void }) {
  const { t } = useWords();
  return (
    <Modal opened onClose={close} title={t('sheet.used.title', { name: `«${name}»` })} centered closeButtonProps={{ 'aria-label': t('kit.close') }}>
      <Stack gap="md">
        <Text size="sm">{t('sheet.used.text')}</Text>
        <UsedBy users={users} />
        <Group justify="flex-end"><Button onClick={close} data-autofocus>{t('sheet.close')}</Button></Group>
      </Stack>
    </Modal>
  );
}
