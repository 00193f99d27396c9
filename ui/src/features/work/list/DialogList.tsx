/** The operator's dialogs. One tab stop; rows never move under the pointer or the focus. */
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { VList, type VListHandle } from 'virtua';
import { useText } from '../../../i18n';
import { Lines } from '../../../kit';
import { useConnection, useConversations, useDesk } from '../../../sync';
import { DialogRow } from './DialogRow';
import { Nobody } from './Nobody';
import { orderOf, stepFrom } from './order';
import { useHeldOrder } from './useHeldOrder';
import classes from './list.module.css';

interface Props {
  current: string;
  onOpen: (id: string) => void;
  /** Tells the order that is shown. */
  onOrder: (order: string[]) => void;
}

export function DialogList({ current, onOpen, onOrder }: Props) {
  const { t } = useText();
  const conversations = useConversations();
  const wanted = useMemo(() => orderOf(conversations), [conversations]);
  const { order, hold } = useHeldOrder(wanted);
  const desk = useDesk();
  const { state } = useConnection();
  useEffect(() => {
    onOrder(order);
  }, [order, onOrder]);

  if (order.length === 0) return desk || state === 'signedOut' ? <Nobody /> : <Lines rows={6} height={48} />;
  return (
    <nav className={classes.nav} aria-label={t('work.list')} {...hold}>
      <Rows order={order} current={current} onOpen={onOpen} />
    </nav>
  );
}

function Rows({ order, current, onOpen }: { order: string[]; current: string; onOpen: (id: string) => void }) {
  const list = useRef<VListHandle>(null);
  const root = useRef<HTMLDivElement>(null);
  const [kept, keep] = useState(current);
  const now = useRef(order);
  now.current = order;
  const stop = order.includes(kept) ? kept : order.includes(current) ? current : order[0];
  useEffect(() => {
    keep(current);
    const at = now.current.indexOf(current);
    if (at >= 0) list.current?.scrollToIndex(at, { align: 'nearest' });
  }, [current]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = target(event.key, order, stop ?? '');
    if (next === undefined) return;
    event.preventDefault();
    keep(next);
    list.current?.scrollToIndex(order.indexOf(next), { align: 'nearest' });
    // A row far away is drawn after the scrolling.
    requestAnimationFrame(() => root.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(next)}"]`)?.focus());
  };

  return (
    <div ref={root} className={classes.rows} onKeyDown={onKeyDown}>
      <VList ref={list} itemSize={68} data={order} keepMounted={stop ? [order.indexOf(stop)] : undefined} role="list">
        {(id, i) => (
          <DialogRow key={id} id={id} current={id === current} tabbable={id === stop} place={i + 1} total={order.length} onOpen={onOpen} />
        )}
      </VList>
    </div>
  );
}

function target(key: string, order: string[], from: string): string | undefined {
  if (key === 'Home') return order[0];
  if (key === 'End') return order.at(-1);
  if (key === 'ArrowDown') return stepFrom(order, from, 1);
  return key === 'ArrowUp' ? stepFrom(order, from, -1) : undefined;
}
