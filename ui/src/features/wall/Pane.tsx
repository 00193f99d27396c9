/** One conversation, read along: what its operator sees, and why it waits if it does. */
import { ActionIcon, Badge, Title } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Empty } from '../../kit/Empty';
import { Failure } from '../../kit/Failure';
import { ChannelIcon } from '../../kit/ChannelIcon';
import { Hint } from '../../kit/Hint';
import { ChevronDownIcon, ChevronRightIcon, CloseIcon } from '../../kit/icons';
import { Lines } from '../../kit/Late';
import { queryClient, type Conversation } from '../../sync';
import { useNames } from '../../sync/names';
import { useWall, watch, type WallConversation } from '../../sync/wall';
import { ConversationMenu } from './Menus';
import { Since } from './Since';
import { useWords } from './text';
import type { WallSlots } from './WallPage';
import classes from './wall.module.css';

export function Pane({ id, close, slots }: { id: string; close: () => void; slots: WallSlots }) {
  const { t } = useWords();
  const row = useWall((w) => w.conversations.get(id));
  const watched = useWall((w) => w.watched);
  useEffect(() => {
    watch(id);
    return () => watch('');
  }, [id]);
  const conversation = watched?.id === id ? watched.conversation : null;
  const problem = watched?.id === id ? watched.problem : null;
  return (
    <section className={classes.pane} aria-label={t('wall.pane')}>
      <PaneHead row={row} conversation={conversation} close={close} />
      {row?.phase === 'waiting' && <Why key={id} row={row}>{slots.verdict(id)}</Why>}
      {conversation ? (
        <div className={classes.thread}>{slots.thread(conversation)}</div>
      ) : problem ? (
        problem.status === 404 ? <Empty title={t('wall.pane.missing')} text={t('wall.pane.missing.text')} /> : <div className={classes.problem}><Failure problem={problem} /></div>
      ) : (
        <Lines rows={6} height={32} />
      )}
      {conversation && conversation.phase !== 'closed' && <p className={classes.readOnly}>{t('wall.pane.readOnly')}</p>}
    </section>
  );
}

function PaneHead({ row, conversation, close }: { row?: WallConversation; conversation: Conversation | null; close: () => void }) {
  const { t } = useWords();
  const names = useNames();
  const nameOf = useWall((w) => w.operators.get(row?.keeperId ?? '')?.name);
  const name = (row ?? conversation)?.customerName || t('wall.customer');
  const kind = (row ?? conversation)?.kind ?? '';
  return (
    <header className={classes.paneHead}>
      <div className={classes.paneName}>
        <Title order={2} size="h5" className={classes.name}>{name}</Title>
        <div className={classes.paneFacts}>
          {kind && <ChannelIcon kind={kind} size={16} />}
          {row && <span>{t(`wall.pane.${row.phase}`, { name: row.phase === 'automatic' ? names.agent(row.keeperId) : nameOf ?? names.operator(row.keeperId) })}</span>}
          {row && <Since at={row.since} label={t(`wall.since.${row.phase}`)} center={row.phase === 'waiting' ? row.centerId : undefined} icon />}
          {!row && conversation?.phase === 'closed' && <Badge variant="light" color="gray" tt="none">{t('wall.pane.closed')}</Badge>}
        </div>
      </div>
      {row && <ConversationMenu conversation={row} />}
      <Hint label={t('wall.pane.close')}>
        <ActionIcon variant="subtle" color="gray" size={32} aria-label={t('wall.pane.close')} onClick={close}><CloseIcon size={18} aria-hidden /></ActionIcon>
      </Hint>
    </header>
  );
}

/** The queue is asked again when something about it has changed, and not oftener than that is of use. */
function Why({ row, children }: { row: WallConversation; children: ReactNode }) {
  const { t } = useWords();
  const [open, turn] = useState(true);
  const operators = useWall((w) => w.operators);
  useAnew(row.id, operators, row);
  return (
    <section className={classes.why} aria-label={t('wall.pane.why')}>
      <button type="button" className={classes.whyHead} aria-expanded={open} onClick={() => turn(!open)}>
        {open ? <ChevronDownIcon size={16} aria-hidden /> : <ChevronRightIcon size={16} aria-hidden />} {t('wall.pane.why')}
      </button>
      {/* The keyboard scrolls what has the focus. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      {open && <div className={classes.whyBody} tabIndex={0} role="group" aria-label={t('wall.pane.why')}>{children}</div>}
    </section>
  );
}

const pause = 2000;

function useAnew(id: string, ...changes: unknown[]): void {
  const asked = useRef(Date.now());
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const timer = setTimeout(() => {
      asked.current = Date.now();
      void queryClient.invalidateQueries({ queryKey: ['verdicts', id] });
    }, Math.max(0, asked.current + pause - Date.now()));
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps
  }, [id, ...changes]);
}
