/** The head line: how much there is of everything, of when it is, and how one is told. */
import { ActionIcon, Title, UnstyledButton } from '@mantine/core';
import { Hint } from '../../kit/Hint';
import { OfflineIcon, RefreshIcon } from '../../kit/icons';
import { useNow } from '../../sync';
import { refreshWall, useWall, type WallState } from '../../sync/wall';
import { NoticeMenu } from './NoticeMenu';
import type { Part } from './place';
import { useWords } from './text';
import classes from './wall.module.css';

export function Head({ show }: { show: (part: Part) => void }) {
  const { t } = useWords();
  return (
    <header className={classes.head}>
      <div className={classes.titleLine}>
        <Title order={1} size="h3">{t('wall.title')}</Title>
        <Freshness />
        <NoticeMenu />
        <Hint label={t('wall.refresh')}>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={t('wall.refresh')} onClick={refreshWall}><RefreshIcon size={18} aria-hidden /></ActionIcon>
        </Hint>
      </div>
      <Counters show={show} />
    </header>
  );
}

/** Of when the data are. A line that breaks for a moment is no news. */
function Freshness() {
  const { t, time } = useWords();
  const connection = useWall((w) => w.connection);
  const at = useWall((w) => w.at);
  if (connection === 'live' || at === 0) return <span className={classes.fresh} role="status">{at > 0 && t('wall.live')}</span>;
  return (
    <span className={classes.stale} role="status"><OfflineIcon size={16} aria-hidden /> {t('wall.stale', { time: time(at) })}</span>
  );
}

function Counters({ show }: { show: (part: Part) => void }) {
  const { t } = useWords();
  const counters = useWall((w) => w.counters);
  const operators = useWall((w) => w.operators);
  const free = freePlaces(operators);
  return (
    <ul className={classes.counters} aria-label={t('wall.head')}>
      <Counter name="queue" value={counters.waiting} part="queue" show={show}><Longest /></Counter>
      <Counter name="online" value={counters.online} part="operators" show={show}>{counters.online > 0 && t('wall.count.places', { count: free })}</Counter>
      <Counter name="served" value={counters.served} part="operators" show={show} />
      <Counter name="automatic" value={counters.automatic} part="automatic" show={show} />
      <Counter name="failures" value={counters.failures} part="failures" show={show} danger={counters.failures > 0} />
    </ul>
  );
}

function freePlaces(operators: WallState['operators']): number {
  let free = 0;
  for (const o of operators.values()) if (o.presence === 'ONLINE' && o.connected) free += Math.max(0, o.capacity - o.held);
  return free;
}

interface CounterProps {
  name: 'queue' | 'online' | 'served' | 'automatic' | 'failures';
  value: number;
  part: Part;
  show: (part: Part) => void;
  danger?: boolean;
  children?: React.ReactNode;
}

function Counter({ name, value, part, show, danger, children }: CounterProps) {
  const { t, number } = useWords();
  return (
    <li>
      <UnstyledButton className={classes.counter} data-danger={danger || undefined} onClick={() => show(part)}>
        <span className={classes.figure}>{number(value)}</span>
        <span className={classes.more}>{children}</span>
        <span className={classes.what}>{t(`wall.count.${name}`)}</span>
      </UnstyledButton>
    </li>
  );
}

/** How long the first has been waiting. */
function Longest() {
  const { t, duration } = useWords();
  const since = useWall((w) => longest(w.conversations));
  const now = useNow();
  return since > 0 ? t('wall.count.longest', { time: duration(Math.max(0, now - since)) }) : null;
}

function longest(conversations: WallState['conversations']): number {
  const known = measured.get(conversations);
  if (known !== undefined) return known;
  let first = Infinity;
  for (const c of conversations.values()) if (c.phase === 'waiting' && c.since < first) first = c.since;
  const found = first === Infinity ? 0 : first;
  measured.set(conversations, found);
  return found;
}

/** It is asked for each second, and changes only with the conversations. */
const measured = new WeakMap<WallState['conversations'], number>();
