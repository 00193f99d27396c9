/** The rows of the wall. Each reads its own thing, and is drawn again only when that changes. */
import { Badge, UnstyledButton } from '@mantine/core';
import { memo, type MouseEvent } from 'react';
import { Avatar } from '../../kit/Avatar';
import { ChannelIcon } from '../../kit/ChannelIcon';
import { ChevronDownIcon, ChevronRightIcon, FlagIcon, OfflineIcon } from '../../kit/icons';
import { PresenceMark } from '../../kit/PresenceMark';
import { useNames } from '../../sync/names';
import { useWall, type WallConversation, type WallOperator } from '../../sync/wall';
import type { Row } from './arrange';
import { FailureRow } from './FailureRow';
import { ConversationMenu, OperatorMenu } from './Menus';
import type { Part } from './place';
import { Since } from './Since';
import { useWords } from './text';
import { whatFor } from './whatFor';
import { whyWaits } from './why';
import classes from './wall.module.css';

export interface RowProps {
  row: Row;
  /** Of the open conversation. */
  current: boolean;
  /** The list's one tab stop. */
  tabbable: boolean;
  filtered: boolean;
  hrefOf: (id: string) => string;
  open: (id: string) => void;
  turn: (part: Part) => void;
}

export function WallRow({ row, current, tabbable, filtered, hrefOf, open, turn }: RowProps) {
  switch (row.is) {
    case 'part':
      return <PartRow part={row.part} count={row.count} folded={row.folded} tabbable={tabbable} turn={turn} />;
    case 'operator':
      return <OperatorRow id={row.id} tabbable={tabbable} />;
    case 'conversation':
      return <ConversationRow id={row.id} part={row.part} current={current} tabbable={tabbable} href={hrefOf(row.id)} open={open} />;
    case 'failure':
      return <FailureRow id={row.id} tabbable={tabbable} />;
    case 'nothing':
      return <Nothing part={row.part} filtered={filtered} />;
  }
}

const PartRow = memo(function PartRow({ part, count, folded, tabbable, turn }: { part: Part; count: number; folded: boolean; tabbable: boolean; turn: (part: Part) => void }) {
  const { t, number } = useWords();
  return (
    <h2 className={classes.part}>
      <UnstyledButton data-stop tabIndex={tabbable ? 0 : -1} className={classes.fold} aria-expanded={!folded} onClick={() => turn(part)}>
        {folded ? <ChevronRightIcon size={18} aria-hidden /> : <ChevronDownIcon size={18} aria-hidden />}
        {t(`wall.part.${part}`)} <span className={classes.count}>{number(count)}</span>
      </UnstyledButton>
    </h2>
  );
});

function Nothing({ part, filtered }: { part: Part; filtered: boolean }) {
  const { t } = useWords();
  return <p className={classes.nothing}>{t(filtered ? 'wall.none.found' : `wall.none.${part}`)}</p>;
}

const OperatorRow = memo(function OperatorRow({ id, tabbable }: { id: string; tabbable: boolean }) {
  const operator = useWall((w) => w.operators.get(id));
  const { operator: nameOf } = useNames();
  // Somebody else's operator keeps a conversation that is shown: only the name is known.
  if (!operator) return <div className={classes.operator} data-stop tabIndex={tabbable ? 0 : -1}><Who id={id} name={nameOf(id)} /></div>;
  return <Operator operator={operator} tabbable={tabbable} />;
});

function Operator({ operator: o, tabbable }: { operator: WallOperator; tabbable: boolean }) {
  const { t } = useWords();
  const names = useNames();
  const about = whatFor(names, o);
  const centers = [...new Set(o.lines.map(names.centerOfLine).filter(Boolean))].map((id) => names.center(id)).join(', ');
  return (
    // The rows are one tab stop: whoever comes by the keyboard hears the operator, and goes on to the menu.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.operator} data-stop role="group" aria-label={o.name} tabIndex={tabbable ? 0 : -1}>
      <Who id={o.id} name={o.name} />
      <span className={classes.presence}>
        <PresenceMark presence={o.presence} />
        <span>{t(`app.presence.${o.presence}`)}</span>
        {o.since > 0 && <Since at={o.since} label={t('wall.since.presence')} />}
        {!o.connected && o.presence !== 'OFFLINE' && (
          <Badge size="sm" variant="light" color="orange" tt="none" leftSection={<OfflineIcon size={12} aria-hidden />}>{t('wall.lost')}</Badge>
        )}
      </span>
      <span className={classes.about} title={[centers, about].filter(Boolean).join(' · ')}>{[centers, about].filter(Boolean).join(' · ')}</span>
      <Places held={o.held} capacity={o.capacity} />
      <OperatorMenu operator={o} tabbable={tabbable} />
    </div>
  );
}

function Who({ id, name }: { id: string; name: string }) {
  return (
    <span className={classes.who}>
      <Avatar id={id} name={name} size={28} />
      <span className={classes.name}>{name}</span>
    </span>
  );
}

function Places({ held, capacity }: { held: number; capacity: number }) {
  const { t } = useWords();
  return (
    <span className={classes.places} data-full={(held >= capacity && held > 0) || undefined} role="img" aria-label={t('wall.held.label', { held, count: capacity })}>
      {t('wall.held', { held, capacity })}
    </span>
  );
}

interface ConversationProps {
  id: string;
  part: Part;
  current: boolean;
  tabbable: boolean;
  href: string;
  open: (id: string) => void;
}

export const ConversationRow = memo(function ConversationRow({ id, part, current, tabbable, href, open }: ConversationProps) {
  const { t } = useWords();
  const c = useWall((w) => w.conversations.get(id));
  if (!c) return <div className={classes.conversation} />;
  const go = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(id);
  };
  return (
    <div className={classes.conversation} data-part={part} data-current={current || undefined}>
      <a data-stop className={classes.link} href={href} tabIndex={tabbable ? 0 : -1} aria-current={current ? 'true' : undefined} draggable={false} onClick={go}>
        <ChannelIcon kind={c.kind} size={18} />
        <span className={classes.name}>{c.customerName || t('wall.customer')}</span>
      </a>
      <span className={classes.about}><About conversation={c} /></span>
      <span className={classes.times}>
        {c.phase === 'served' && c.unanswered > 0 && (
          <span className={classes.owed}>{t('wall.unanswered')} <Since at={c.unanswered} label={t('wall.unanswered')} center={c.centerId} /></span>
        )}
        <Since at={c.since} label={t(`wall.since.${c.phase}`)} center={c.phase === 'waiting' ? c.centerId : undefined} icon />
      </span>
      <ConversationMenu conversation={c} tabbable={tabbable} />
    </div>
  );
});

function About({ conversation: c }: { conversation: WallConversation }) {
  const { t } = useWords();
  const names = useNames();
  const { lineId, language, skills, priority } = c.routing;
  const needs = whatFor(names, { lines: lineId ? [lineId] : [], languages: language ? [language] : [], skills });
  if (c.phase === 'automatic') return <>{[names.agent(c.keeperId), names.account(c.accountId)].join(' · ')}</>;
  return (
    <>
      {c.phase === 'waiting' && <Why conversation={c} />}
      {c.phase === 'waiting' && priority !== 0 && (
        <Badge size="sm" variant="light" color="violet" tt="none" className={classes.badge} leftSection={<FlagIcon size={12} aria-hidden />}>{t('wall.priority', { n: priority })}</Badge>
      )}
      <span className={classes.needs}>{[needs, c.forced && t('wall.forced'), causeOf(c, t)].filter(Boolean).join(' · ')}</span>
    </>
  );
}

const telling = new Set(['TRANSFERRED', 'OPERATOR_CHOICE', 'RESPONSE_TIMEOUT', 'CONNECTION_LOST', 'FORCED_OFFLINE', 'CUSTOMER_RETURNED', 'AGENT_HANDED_OVER',
  'AGENT_FAILED', 'RETURNED', 'SILENCE', 'MERGED']);

function causeOf({ phase, cause }: WallConversation, t: ReturnType<typeof useWords>['t']): string {
  return phase === 'waiting' && telling.has(cause) ? t(`wall.cause.${cause}` as 'wall.cause.MERGED') : '';
}

const colours = { nobody: 'red', language: 'red', skills: 'red', absent: 'orange', full: 'yellow', soon: 'green' } as const;

/** It is a word, so that a frame that leaves it as it is draws nothing. */
function Why({ conversation }: { conversation: WallConversation }) {
  const { t } = useWords();
  const why = useWall((w) => whyWaits(w.operators, conversation));
  return <Badge size="sm" variant="light" tt="none" color={colours[why]} className={classes.badge}>{t(`wall.why.${why}`)}</Badge>;
}
