/** One conversation: its text, what came before, the customer; on the right what is known of it. HS-03 */
import { ActionIcon, Badge, Button, Tabs, Text, Title } from '@mantine/core';
import { useDeferredValue, useMemo, useState, type ReactNode } from 'react';
import { ChannelIcon, Empty, Failure, Hint, Lines } from '../../kit';
import { ChevronDownIcon, ChevronUpIcon, ClockIcon, DownloadIcon } from '../../kit/icons';
import { problemOf, useSession, type Conversation } from '../../sync';
import { textAddress, useEvents } from '../../sync/history';
import { foldOf } from '../../sync/past';
import { Facts } from './Facts';
import type { Go } from './HistoryPage';
import { tabs, type Place, type Tab } from './place';
import type { Steps } from '../../kit/steps';
import type { HistorySlots } from './slots';
import { useWords } from './text';
import { Then } from './Then';
import { Travel, useTravel } from './Travel';
import classes from './history.module.css';
import side from '../../kit/sideList.module.css';

interface Props {
  place: Place;
  go: Go;
  step: Steps;
  slots: HistorySlots;
}

export function One({ place, ...rest }: Props) {
  const { data, error, refetch } = useEvents(place.open);
  const conversation = useMemo(() => data && foldOf(place.open, data), [data, place.open]);
  if (!data || !conversation) return error ? <Failure problem={problemOf(error)} retry={() => void refetch()} /> : <Lines rows={8} height={32} />;
  return <Shown place={place} conversation={conversation} events={data} {...rest} />;
}

type Events = NonNullable<ReturnType<typeof useEvents>['data']>;

function Shown({ place, go, step, slots, conversation, events }: Props & { conversation: Conversation; events: Events }) {
  const { t } = useWords();
  const mine = useTabs();
  const tab = mine.includes(place.tab) ? place.tab : 'dialog';
  const [travelling, setTravelling] = useState(false);
  const travel = useTravel(conversation.id, events);
  const shown = travelling ? travel.conversation : conversation;
  const at = useDeferredValue(travel.at);
  return (
    <>
      <Head conversation={conversation} step={step}>
        <Hint label={t('hs.travel.hint')}>
          <ActionIcon
            variant={travelling ? 'filled' : 'subtle'} color={travelling ? undefined : 'gray'} size={32} aria-label={t('hs.travel')} aria-pressed={travelling}
            onClick={() => {
              setTravelling(!travelling);
              go({ tab: 'dialog' }, true);
            }}
          >
            <ClockIcon size={18} aria-hidden />
          </ActionIcon>
        </Hint>
      </Head>
      <div className={classes.body}>
        <Tabs value={tab} onChange={(next) => go({ tab: (next ?? 'dialog') as Tab }, true)} className={classes.centre} keepMounted={false}>
          <Tabs.List className={classes.tabList}>
            {mine.map((x) => (
              <Tabs.Tab key={x} value={x}>{t(`hs.tab.${x}`)}</Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="dialog" className={classes.panel}>
            {travelling && <Travel travel={travel} />}
            {conversation.forgottenAt ? <Gone at={conversation.forgottenAt} /> : <div className={classes.thread}>{slots.thread(shown)}</div>}
          </Tabs.Panel>
          <Tabs.Panel value="previous" className={classes.panel}>{slots.previous(conversation)}</Tabs.Panel>
          <Tabs.Panel value="customer" className={classes.panel}>{slots.customer(conversation.customerId)}</Tabs.Panel>
          <Tabs.Panel value="markup" className={classes.panel}>{slots.markup(conversation.id, step)}</Tabs.Panel>
        </Tabs>
        <aside className={classes.right} aria-label={t('hs.facts')}>
          {travelling ? <Then id={conversation.id} at={at} /> : <Facts conversation={conversation} sessions={slots.sessions} />}
        </aside>
      </div>
    </>
  );
}

/** What stands in the place of words whose time was over. HS-05 */
function Gone({ at }: { at: number }) {
  const { t, dateTime } = useWords();
  return <Empty title={t('hs.gone')} text={t('hs.gone.text', { at: dateTime(at) })} icon={<ClockIcon size={32} aria-hidden />} />;
}

/** The tabs that this person has. */
function useTabs(): readonly Tab[] {
  const { may } = useSession();
  return tabs.filter((tab) => tab === 'dialog' || (tab === 'markup' ? may('modify_knowledgebase') : may('view_client')));
}

function Head({ conversation: c, step, children }: { conversation: Conversation; step: Steps; children: ReactNode }) {
  const { t, dateTime, locale } = useWords();
  return (
    <header className={classes.bar}>
      <ChannelIcon kind={c.kind} size={18} />
      <div className={side.grow}>
        <Title order={2} size="h4" className={side.name}>{c.customerName || t('hs.nameless')}</Title>
        <Text size="xs" c="dimmed">{dateTime(c.openedAt)}</Text>
      </div>
      {c.test && <Badge variant="light" color="gray" tt="none" className={side.fixed}>{t('hs.test')}</Badge>}
      <Step label={t('hs.previous')} command="history.previous" to={step.previous} icon={<ChevronUpIcon size={18} aria-hidden />} />
      <Step label={t('hs.next')} command="history.next" to={step.next} icon={<ChevronDownIcon size={18} aria-hidden />} />
      {children}
      <Button
        component="a" href={textAddress(c.id, locale)} download size="sm" variant="default" leftSection={<DownloadIcon size={16} aria-hidden />}
        aria-label={t('hs.download.one')} className={side.fixed}
      >
        {t('hs.download')}
      </Button>
    </header>
  );
}

function Step({ label, command, to, icon }: { label: string; command: string; to?: () => void; icon: ReactNode }) {
  return (
    <Hint label={label} command={command}>
      <ActionIcon variant="subtle" color="gray" size={32} aria-label={label} disabled={!to} onClick={to}>{icon}</ActionIcon>
    </Hint>
  );
}
