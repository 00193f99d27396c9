/** «Работа с обращениями»: the list, the conversation, the right panel. */
import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useMemo, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import { useLocation, useRoute, useSearchParams } from 'wouter';
import { useText } from '../../i18n';
import { useConversation, useConversationIds, usePreferences } from '../../sync';
import { Centre } from './Centre';
import type { PaneHandle } from './DialogPane';
import { DialogList } from './list/DialogList';
import { neighbour, nextUnanswered, stepFrom } from './list/order';
import { Verdict } from './slots';
import { Thread } from './thread/Thread';
import { Tools, useTools, type Slot, type WorkSlots, type WorkTools } from './tools';
import { useActs } from './useActs';
import { useCommandsOfWork } from './useCommandsOfWork';
import { useWaiting } from './useWaiting';
import classes from './work.module.css';

export default function WorkPage(slots: WorkSlots) {
  const { t } = useText();
  const { id, open, tab, setTab } = usePlace();
  const order = useRef<string[]>([]);
  const pane = useRef<PaneHandle>(null);
  const acts = useActs(id);
  const { wide, narrow } = useRoom();
  const panel = usePanel(wide);
  const setOrder = useCallback((next: string[]) => {
    order.current = next;
  }, []);
  const leave = useCallback((gone: string) => open(neighbour(order.current, gone) ?? '', true), [open]);
  const tools = useMakeTools({ open, setTab, pane });

  const side = useMemo(() => slots.side?.(id, tools, panel.open), [slots.side, id, tools, panel.open]);
  const search = useMemo(() => slots.search?.(tools), [slots.search, tools]);
  const list = (
    <aside className={classes.left} aria-label={t('work.left')}>
      {search && <div className={classes.search}>{search}</div>}
      <div className={classes.list}>
        <DialogList current={id} onOpen={open} onOrder={setOrder} />
      </div>
      {id && slots.shortForm && !narrow && (
        <div className={classes.short}>
          <SlotOf id={id} slot={slots.shortForm} />
        </div>
      )}
    </aside>
  );
  return (
    <Tools value={tools}>
      <Verdict value={slots.verdict}>
        <div className={classes.work} data-panel={(wide && panel.open && side !== undefined) || undefined} data-narrow={narrow || undefined} onKeyDown={(e) => backToComposer(e, pane.current)}>
          <Keys id={id} order={order} open={open} acts={acts} pane={pane} panel={panel} setTab={setTab} />
          <h1 className={classes.title}>{t('work.title')}</h1>
          {(!narrow || !id) && list}
          {(!narrow || id) && (
            <section className={classes.centre} aria-label={t('work.centre')}>
              <Centre
                id={id} tab={tab} onTab={setTab} slots={slots} acts={acts} pane={pane} onGone={leave}
                panelOpen={panel.open} onPanel={side === undefined ? undefined : panel.toggle} onBack={narrow ? () => open('') : undefined}
              />
            </section>
          )}
          {side !== undefined && <Right wide={wide} open={panel.open} onClose={panel.toggle}>{side}</Right>}
        </div>
      </Verdict>
    </Tools>
  );
}

/** The right panel at its place, or in a drawer where there is no room. Folded it stays alive for its keys. */
function Right({ wide, open, onClose, children }: { wide: boolean; open: boolean; onClose: () => void; children: ReactNode }) {
  const { t } = useText();
  if (wide || !open) return <div className={classes.right} hidden={!open}>{children}</div>;
  return (
    <Drawer opened onClose={onClose} position="right" size={380} title={t('work.right')} classNames={{ content: classes.drawer, body: classes.drawerBody }}>
      {children}
    </Drawer>
  );
}

/** The open conversation and its tab are in the address. */
function usePlace() {
  const [, params] = useRoute<{ id?: string }>('/work/:id?');
  const [, go] = useLocation();
  const [search, setSearch] = useSearchParams();
  const open = useCallback((id: string, replace = false) => go(id ? `/work/${encodeURIComponent(id)}` : '/work', { replace }), [go]);
  const setTab = useCallback(
    (tab: string) => setSearch(tab === 'dialog' ? {} : { tab }, { replace: true }),
    [setSearch],
  );
  return { id: params?.id ? decodeURIComponent(params.id) : '', open, tab: search.get('tab') ?? 'dialog', setTab };
}

function useRoom() {
  const wide = useMediaQuery('(min-width: 80em)', undefined, { getInitialValueInEffect: false });
  const narrow = useMediaQuery('(max-width: 63.99em)', undefined, { getInitialValueInEffect: false });
  return { wide, narrow };
}

/** The right panel: kept as chosen where there is room for it, a drawer elsewhere. */
function usePanel(wide: boolean) {
  const [{ sidePanel }, change] = usePreferences();
  const [drawer, setDrawer] = useState(false);
  const open = wide ? sidePanel : drawer;
  const toggle = useCallback(() => (wide ? change({ sidePanel: !sidePanel }) : setDrawer((d) => !d)), [wide, sidePanel, change]);
  return { open, toggle };
}

function useMakeTools({ open, setTab, pane }: { open: (id: string) => void; setTab: (tab: string) => void; pane: RefObject<PaneHandle | null> }): WorkTools {
  return useMemo(
    () => ({
      open,
      insertText: (text, of) => {
        // The field must be on the page before it can take the text.
        flushSync(() => setTab('dialog'));
        pane.current?.insert(text, of);
      },
      focusComposer: () => pane.current?.focus(),
      thread: (conversation) => <Thread key={conversation.id} conversation={conversation} past />,
    }),
    [open, setTab, pane],
  );
}

interface KeysProps {
  id: string;
  order: RefObject<string[]>;
  open: (id: string, replace?: boolean) => void;
  acts: ReturnType<typeof useActs>;
  pane: RefObject<PaneHandle | null>;
  panel: { toggle: () => void };
  setTab: (tab: string) => void;
}

/** What the keys do. A piece of its own: it follows every conversation, the page does not. */
function Keys({ id, order, open, acts, pane, panel, setTab }: KeysProps) {
  const ids = useConversationIds();
  const waits = useWaiting();
  const mine = ids.includes(id);
  const toDialog = (then: () => void) => {
    flushSync(() => setTab('dialog'));
    then();
  };
  const to = (next: string | undefined) => next && next !== id && open(next);
  useCommandsOfWork({
    open: mine,
    step: (by) => to(stepFrom(order.current, id, by)),
    nextUnanswered: () => to(nextUnanswered(order.current, id, waits)),
    transfer: () => acts.show('transfer'),
    close: () => acts.show('close'),
    topic: () => acts.show('topic'),
    channel: () => toDialog(() => pane.current?.openChannels()),
    panel: panel.toggle,
    compose: () => toDialog(() => pane.current?.focus()),
  });
  return null;
}

/** Escape leads back to the composer from wherever nothing else takes it. */
function backToComposer(event: KeyboardEvent, pane: PaneHandle | null): void {
  if (event.key !== 'Escape' || event.defaultPrevented || event.nativeEvent.isComposing) return;
  if (!event.currentTarget.contains(event.target as Node)) return;
  pane?.focus();
}

/** What the app puts in, with the present state of the conversation. */
function SlotOf({ id, slot }: { id: string; slot: Slot }) {
  const conversation = useConversation(id);
  const tools = useTools();
  return conversation ? slot(conversation, tools) : null;
}
