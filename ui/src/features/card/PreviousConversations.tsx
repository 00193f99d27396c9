/** «Предыдущие обращения»: the list of them, and one of them to read. */
import { ActionIcon, Badge, Button, Group, Text, Tooltip } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useText } from '../../i18n';
import { Empty, Failure, Lines, useRoving } from '../../kit';
import { ArrowLeftIcon, ChevronLeftIcon, ChevronRightIcon, MessagesIcon } from '../../kit/icons';
import { useCustomer, usePastConversation, useSession, type Conversation } from '../../sync';
import classes from './card.module.css';
import { PastRow } from './PastRow';

/** So many are read at first, and with each «Показать ещё». */
const PAGE = 10;

interface Props {
  customerId: string;
  /** The one that is open is not a previous one. */
  currentId?: string;
  /** Shows a conversation to read only. */
  renderThread: (conversation: Conversation) => ReactNode;
}

export function PreviousConversations({ customerId, currentId = '', renderThread }: Props) {
  const { may } = useSession();
  const { data, error, refetch } = useCustomer(customerId);
  const [opened, open] = useState('');
  const left = useRef('');
  if (!may('view_client')) return null;
  if (!data) {
    return <div className={classes.page}>{error ? <Failure problem={error} retry={refetch} /> : <Lines rows={5} height={40} />}</div>;
  }
  const ids = data.conversations.filter((id) => id !== currentId).reverse();
  const back = () => {
    left.current = opened;
    open('');
  };
  if (opened && ids.includes(opened)) {
    return <One ids={ids} id={opened} onOpen={open} onBack={back} renderThread={renderThread} />;
  }
  return <Many ids={ids} from={left.current} onOpen={open} />;
}

/** The list, the latest first. Who comes back from one finds it focused. */
function Many({ ids, from, onOpen }: { ids: string[]; from: string; onOpen: (id: string) => void }) {
  const { t } = useText();
  const [shown, show] = useState(() => Math.max(PAGE, Math.ceil((ids.indexOf(from) + 1) / PAGE) * PAGE));
  const roving = useRoving<HTMLUListElement>();
  const list = roving.ref;
  useEffect(() => {
    if (from) list.current?.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(from)}"]`)?.focus();
  }, [from, list]);
  if (ids.length === 0) {
    return <Empty icon={<MessagesIcon size={32} aria-hidden />} title={t('card.past.none')} text={t('card.past.none.text')} />;
  }
  return (
    <div className={classes.scroll}>
      <div className={classes.page}>
        <Text size="sm" c="dimmed" mb={8}>{t('card.past.count', { count: ids.length })}</Text>
        <ul className={classes.list} aria-label={t('card.past')} {...roving}>
          {ids.slice(0, shown).map((id) => (
            <li key={id}>
              <PastRow id={id} onOpen={() => onOpen(id)} />
            </li>
          ))}
        </ul>
        {shown < ids.length && (
          <Button variant="subtle" size="sm" my="sm" onClick={() => show(shown + PAGE)}>{t('card.past.more')}</Button>
        )}
      </div>
    </div>
  );
}

interface OneProps {
  ids: string[];
  id: string;
  onOpen: (id: string) => void;
  onBack: () => void;
  renderThread: (conversation: Conversation) => ReactNode;
}

function One({ ids, id, onOpen, onBack, renderThread }: OneProps) {
  const { t, dateTime } = useText();
  const { conversation, error } = usePastConversation(id);
  const at = ids.indexOf(id);
  const older = ids[at + 1];
  const newer = ids[at - 1];
  return (
    <div className={classes.past}>
      <Group gap="xs" px={16} py={8} wrap="nowrap" justify="space-between">
        <Group gap="sm" wrap="nowrap">
          <Button size="compact-sm" variant="subtle" leftSection={<ArrowLeftIcon size={16} aria-hidden />} onClick={onBack} autoFocus>
            {t('card.past.back')}
          </Button>
          {conversation && <Text size="sm" fw={600}>{dateTime(conversation.openedAt)}</Text>}
          {conversation && conversation.phase !== 'closed' && <Badge variant="light" tt="none">{t('card.past.going')}</Badge>}
        </Group>
        <Group gap={4} wrap="nowrap">
          <Step label={t('card.past.older')} to={older} onOpen={onOpen} icon={<ChevronLeftIcon size={18} />} />
          <Step label={t('card.past.newer')} to={newer} onOpen={onOpen} icon={<ChevronRightIcon size={18} />} />
        </Group>
      </Group>
      <div className={classes.thread}>
        {conversation?.forgottenAt ? <Empty title={t('card.past.gone')} text={dateTime(conversation.forgottenAt)} /> : conversation ? renderThread(conversation) : error ? <Failure problem={error} title={t('card.past.failed')} /> : <Lines rows={6} height={36} />}
      </div>
    </div>
  );
}

function Step({ label, to, onOpen, icon }: { label: string; to: string | undefined; onOpen: (id: string) => void; icon: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} disabled={!to} onClick={() => to && onOpen(to)}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
