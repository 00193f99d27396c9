/** The middle: one conversation with its tabs. */
import { Tabs } from '@mantine/core';
import { lazy, Suspense, type Ref } from 'react';
import { useText, type Key } from '../../i18n';
import { Empty, Late, Lines, say } from '../../kit';
import { MessagesIcon } from '../../kit/icons';
import { useConnection, useConversation, useConversationIds, useSession, useWorkplace, type Conversation } from '../../sync';
import { DialogPane, type PaneHandle } from './DialogPane';
import { ConversationHeader } from './header/ConversationHeader';
import { useTools, type WorkSlots } from './tools';
import type { Acts } from './useActs';
import classes from './work.module.css';

const CloseDialog = lazy(async () => ({ default: (await import('./dialogs/CloseDialog')).CloseDialog }));
const GiveBackDialog = lazy(async () => ({ default: (await import('./dialogs/GiveBackDialog')).GiveBackDialog }));
const NoteDialog = lazy(async () => ({ default: (await import('./dialogs/NoteDialog')).NoteDialog }));
const TransferDialog = lazy(async () => ({ default: (await import('./dialogs/TransferDialog')).TransferDialog }));

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
  const gone = (said: Key) => {
    say(t(said));
    close();
    onGone(conversation.id);
  };
  return (
    <>
      <ConversationHeader conversation={conversation} mine={mine} acts={acts} panelOpen={panelOpen} onPanel={onPanel} onBack={onBack} />
      <Tabs value={shown} onChange={(next) => onTab(next ?? 'dialog')} className={classes.tabs} keepMounted={false}>
        <Tabs.List className={classes.tabList}>
          {tabs.map((x) => (
            <Tabs.Tab key={x.id} value={x.id}>{x.name}</Tabs.Tab>
          ))}
        </Tabs.List>
        {/* The dialog stays while another tab is open: uploads, selection and place are kept. */}
        <Tabs.Panel value="dialog" className={classes.panel} keepMounted>
          <DialogPane ref={pane} key={conversation.id} conversation={conversation} mine={mine} />
        </Tabs.Panel>
        {tabs.filter((x) => x.id !== 'dialog').map((x) => (
          <Tabs.Panel key={x.id} value={x.id} className={classes.panel}>
            <OtherTab id={x.id} conversation={conversation} slots={slots} />
          </Tabs.Panel>
        ))}
      </Tabs>
      {mine && (
        <Suspense>
          {acts.open === 'transfer' && <TransferDialog conversation={conversation} opened onClose={close} onDone={() => gone('work.transfer.done')} />}
          {acts.open === 'note' && <NoteDialog conversationId={conversation.id} onClose={close} />}
          {acts.open === 'giveBack' && <GiveBackDialog conversationId={conversation.id} onClose={close} onDone={() => gone('work.giveBack.done')} />}
          {acts.open === 'close' && <CloseDialog conversation={conversation} opened onClose={close} onDone={() => gone('work.close.done')} />}
        </Suspense>
      )}
    </>
  );
}

interface Tab {
  id: string;
  name: string;
}

/** The tabs that this person has: by role, by what the app puts in, by the center's settings. */
function useTabs(slots: WorkSlots): Tab[] {
  const { t } = useText();
  const { may } = useSession();
  const { tabs } = useWorkplace().settings;
  const own: [id: string, name: Key, there: boolean][] = [
    ['dialog', 'work.tab.dialog', true],
    ['previous', 'work.tab.previous', slots.previous !== undefined],
    ['customer', 'work.tab.customer', slots.customer !== undefined && may('view_client')],
    ['ticket', 'work.tab.ticket', slots.ticket !== undefined],
  ];
  const added = slots.tabs ? tabs.map((x) => ({ id: x.tabId, name: x.title })) : [];
  return [...own.filter(([, , there]) => there).map(([id, name]) => ({ id, name: t(name) })), ...added];
}

function OtherTab({ id, conversation, slots }: { id: string; conversation: Conversation; slots: WorkSlots }) {
  const tools = useTools();
  const own = { previous: slots.previous, customer: slots.customer, ticket: slots.ticket }[id];
  return <div className={classes.slot}>{own ? own(conversation, tools) : slots.tabs?.(conversation, id)}</div>;
}
