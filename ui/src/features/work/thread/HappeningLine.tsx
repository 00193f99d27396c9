/** Something that happened, as a quiet line. */
import { Popover } from '@mantine/core';
import { useState } from 'react';
import { useText, type Key, type Text } from '../../../i18n';
import { useWorkplace, type Conversation, type Happening } from '../../../sync';
import { topicPath, useOperatorName } from '../names';
import { useVerdict } from '../slots';
import classes from './thread.module.css';

export function HappeningLine({ happening, conversation, past }: { happening: Happening; conversation: Conversation; past: boolean }) {
  const text = useText();
  const said = useSaid(happening);
  return (
    <div className={classes.happening}>
      <span>
        {said} · <time dateTime={new Date(happening.at).toISOString()}>{text.time(happening.at)}</time>
      </span>
      {happening.kind === 'assigned' && !past && <Why conversation={conversation} at={happening.at} />}
    </div>
  );
}

function useSaid({ kind, detail, operatorId }: Happening): string {
  const text = useText();
  const operator = useOperatorName();
  const { topics, agents } = useWorkplace();
  const { t } = text;
  const name = operatorId ? operator(operatorId) : '';
  switch (kind) {
    case 'queued':
      return withCause(t('work.happened.queued'), detail, text);
    case 'closed':
      return withCause(t('work.happened.closed'), detail, text);
    case 'assigned':
      return t('work.happened.assigned', { name });
    case 'agent':
      return t('work.happened.agent', { name: agents.find((a) => a.agentId === detail)?.name ?? detail });
    case 'topic':
      return detail ? t('work.happened.topic', { name: topicPath(topics, detail) || detail }) : t('work.happened.noTopic');
    case 'rated':
      return t('work.happened.rated', { rating: detail });
    case 'timedOut':
      return t('work.happened.timedOut', { name });
    default:
      return t(`work.happened.${kind}`);
  }
}

const causes: Record<string, Key> = {
  NEW_CONVERSATION: 'work.cause.new',
  TRANSFERRED: 'work.cause.transferred',
  OPERATOR_CHOICE: 'work.cause.operator',
  RESPONSE_TIMEOUT: 'work.cause.timeout',
  CONNECTION_LOST: 'work.cause.lost',
  FORCED_OFFLINE: 'work.cause.forced',
  CUSTOMER_RETURNED: 'work.cause.returned',
  AGENT_HANDED_OVER: 'work.cause.agent',
  AGENT_FAILED: 'work.cause.agentFailed',
  RETURNED: 'work.cause.givenBack',
  SILENCE: 'work.cause.silence',
  MERGED: 'work.cause.merged',
};

function withCause(said: string, cause: string, { t }: Text): string {
  const key = causes[cause];
  return key ? `${said}: ${t(key)}` : said;
}

/** «Почему этот оператор». */
function Why({ conversation, at }: { conversation: Conversation; at: number }) {
  const { t } = useText();
  const verdict = useVerdict();
  const [open, setOpen] = useState(false);
  if (!verdict) return null;
  return (
    <Popover opened={open} onChange={setOpen} width={380} position="bottom" withinPortal shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={classes.why} aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('work.why')}
        </button>
      </Popover.Target>
      <Popover.Dropdown>{verdict(conversation, at)}</Popover.Dropdown>
    </Popover>
  );
}
