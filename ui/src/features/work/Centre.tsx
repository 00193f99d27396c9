/** The middle: one conversation with its tabs. */
import { Tabs } from '@mantine/core';
import { lazy, memo, Suspense, useEffect, useMemo, type Ref } from 'react';
import { useText, type Key } from '../../i18n';
import { Empty, Late, Lines, say } from '../../kit';
import { MessagesIcon } from '../../kit/icons';
import { refreshWorkplace, useConnection, useConversation, useConversationIds, useSession, useWorkplace, type Conversation } from '../../sync';
import { DialogPane, type PaneHandle } from './DialogPane';
import { ConversationHeader } from './header/ConversationHeader';
import { useTools, type WorkSlots } from './tools';
import type { Acts } from './useActs';
import classes from './work.module.css';

const OpenDialog = lazy(() => import('./dialogs/OpenDialog'));

export interface CentreProps {
  id: string;
  tab: string;
  onTab: (tab: string) => void;
  slots: WorkSlots;
  acts: Acts;
  panelOpen: boolean;
  onPanel?: () => void;
  onBack?: () => void;
  /** The conversation was closed or transferred away. */
  onGone: (id: string) => void;
  pane: Ref<PaneHandle>;
}

export function Centre({ id, ...rest }: CentreProps) {
  const conversation = useConversation(id);
  const { t } = useText();
  const { state } = useConnection();
  if (conversation && conversation.version > 0) return <Loaded conversation={conversation} {...rest} />;
  if (id && state !== 'live') return <Lines rows={8} />;
  const title = t(id ? 'work.missing.title' : 'work.nothing.title');
  const text = t(id ? 'work.missing.text' : 'work.nothing.text');
  return (
    <div className={classes.nothing}>
      <Late after={id ? 300 : 0}>
        <Empty icon={<MessagesIcon size={36} aria-hidden />} title={title} text={text} />
      </Late>
    </div>
  );
}

function Loaded({ conversation, tab, onTab, slots, acts, panelOpen, onPanel, onBack, onGone, pane }: Omit<CentreProps, 'id'> & { conversation: Conversation }) {
  const { t } = useText();
  const mine = useConversationIds().includes(conversation.id);
  const tabs = useTabs(slots);
  const shown = tabs.some((x) => x.id === tab) ? tab : 'dialog';
  const close = () => acts.show(null);
  useEffect(refreshWorkplace, [conversation.id]);
  const gone = (said: Key) => {
    say(t(said));
    close();
    onGone(conversation.id);
  };
  return (
    <>
      <ConversationHeader conversation={conversation} mine={mine} acts={acts} panelOpen={panelOpen} onPanel={onPanel} onBack={onBack} />
      <TabStrip tabs={tabs} shown={shown} onTab={onTab} />
      {/* The dialog stays while another tab is open: uploads, selection and place are kept. */}
      <div {...panel('dialog', shown === 'dialog')}>
        <DialogPane ref={pane} key={conversation.id} conversation={conversation} mine={mine} />
      </div>
      {shown !== 'dialog' && (
        <div {...panel(shown, true)}>
          <OtherTab id={shown} conversation={conversation} slots={slots} />
        </div>
      )}
      {acts.open && acts.open !== 'topic' && (
        <Suspense>
          <OpenDialog open={acts.open} conversation={conversation} mine={mine} onClose={close} onGone={gone} />
        </Suspense>
      )}
    </>
  );
}

const TABS = 'work-tabs';

/** What a panel of a tab is told, in the words of the strip. */
function panel(id: string, shown: boolean) {
  return { role: 'tabpanel', id: `${TABS}-panel-${id}`, 'aria-labelledby': `${TABS}-tab-${id}`, className: classes.panel, hidden: !shown };
}

/** The tabs alone: another conversation in the same tab does not touch them. */
const TabStrip = memo(function TabStrip({ tabs, shown, onTab }: { tabs: Tab[]; shown: string; onTab: (tab: string) => void }) {
  return (
    <Tabs id={TABS} value={shown} onChange={(next) => onTab(next ?? 'dialog')} className={classes.tabs}>
      <Tabs.List className={classes.tabList}>
        {tabs.map((x) => (
          <Tabs.Tab key={x.id} value={x.id}>{x.name}</Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
});

interface Tab {
  id: string;
  name: string;
}

/** The tabs that this person has: by role, by what the app puts in, by the center's settings. */
function useTabs(slots: WorkSlots): Tab[] {
  const { t } = useText();
  const { may } = useSession();
  const { tabs } = useWorkplace().settings;
  const { previous, customer, ticket } = slots;
  const added = slots.tabs !== undefined;
  const seesClients = may('view_client');
  return useMemo(() => {
    const own: [id: string, name: Key, there: boolean][] = [
      ['dialog', 'work.tab.dialog', true],
      ['previous', 'work.tab.previous', previous !== undefined],
      ['customer', 'work.tab.customer', customer !== undefined && seesClients],
      ['ticket', 'work.tab.ticket', ticket !== undefined],
    ];
    const more = added ? tabs.map((x) => ({ id: x.tabId, name: x.title })) : [];
    return [...own.filter(([, , there]) => there).map(([id, name]) => ({ id, name: t(name) })), ...more];
  }, [t, previous, customer, ticket, added, tabs, seesClients]);
}

function OtherTab({ id, conversation, slots }: { id: string; conversation: Conversation; slots: WorkSlots }) {
  const tools = useTools();
  const own = { previous: slots.previous, customer: slots.customer, ticket: slots.ticket }[id];
  return <div className={classes.slot}>{own ? own(conversation, tools) : slots.tabs?.(conversation, id)}</div>;
}
