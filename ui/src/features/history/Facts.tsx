/** What is known of a finished conversation: timings, routing, result, sessions of processing. */
import type { ReactNode } from 'react';
import { Badge } from '@mantine/core';
import type { Conversation } from '../../sync';
import { useNames, type Name } from '../../sync/names';
import { Part } from './Part';
import { useSummary, type Summary } from './summary';
import { useWords } from './text';
import classes from './history.module.css';

interface Props {
  conversation: Conversation;
  sessions: (conversation: Conversation) => ReactNode;
}

export function Facts({ conversation: c, sessions }: Props) {
  const { t } = useWords();
  const summary = useSummary(c.id);
  return (
    <>
      <div className={classes.status}>
        <Badge size="lg" variant="light" color={summary?.reviewed ? 'green' : 'gray'} tt="none">{t(`hs.status.${summary?.reviewed ? 'reviewed' : 'finished'}`)}</Badge>
      </div>
      {summary && <Timings summary={summary} />}
      <Routing conversation={c} />
      {summary && <Result summary={summary} conversation={c} />}
      <section className={classes.part}>
        <h3 className={classes.partTitle}>{t('hs.sessions')}</h3>
        {sessions(c)}
      </section>
    </>
  );
}

function Timings({ summary: s }: { summary: Summary }) {
  const { t, dateTime, duration } = useWords();
  const long = (ms: number | undefined) => (ms === undefined ? t('hs.none.yet') : duration(ms));
  return (
    <Part
      title={t('hs.timings')}
      rows={[
        [t('hs.opened'), dateTime(s.openedAt)], [t('hs.closed'), s.closedAt ? dateTime(s.closedAt) : t('hs.none.yet')],
        [t('hs.lasted'), long(s.lasted)], [t('hs.waited'), long(s.waited)], [t('hs.firstAnswer'), long(s.firstAnswer)],
      ]}
    />
  );
}

function Routing({ conversation: { accountId, routing } }: { conversation: Conversation }) {
  const { t } = useWords();
  const names = useNames();
  const named = (name: Name, id: string) => (id ? name(id) : t('hs.none.yet'));
  return (
    <Part
      title={t('hs.routing')}
      rows={[
        [t('hs.account'), named(names.account, accountId)], [t('hs.line'), named(names.line, routing.lineId)],
        [t('hs.language'), named(names.language, routing.language)], [t('hs.skills'), routing.skills.map((id) => names.skill(id)).join(', ') || t('hs.none.yet')],
      ]}
    />
  );
}

function Result({ summary: s, conversation: c }: { summary: Summary; conversation: Conversation }) {
  const { t } = useWords();
  const names = useNames();
  const none = t('hs.none.yet');
  const who = names.operator(s.closedBy, names.agent(s.closedBy));
  const rows: [string, string][] = [
    [t('hs.topic'), names.topic(c.topicId) || none],
    [t('hs.rating'), c.rating > 0 ? t('hs.rated', { rating: c.rating }) : t('hs.rating.none')],
    [t('hs.closedBy'), who || none],
  ];
  if (c.ratingComment) rows.push([t('hs.comment'), c.ratingComment]);
  if (s.dissatisfied !== undefined) rows.push([t('hs.dissatisfied'), t(s.dissatisfied ? 'hs.dissatisfied.yes' : 'hs.dissatisfied.no')]);
  if (s.reviewed) rows.push([t('hs.reviewedBy'), names.operator(s.reviewedBy)]);
  return <Part title={t('hs.result')} rows={rows} />;
}
