/** Something that happened, as a quiet line. */
import { Popover } from '@mantine/core';
import { lazy, Suspense, useState, type KeyboardEvent, type MouseEvent, type ReactNode, type TouchEvent } from 'react';
import { useText, type Key, type Text } from '../../../i18n';
import { useFocusBack } from '../../../kit';
import type { Conversation, Happening } from '../../../sync';
import { useNames } from '../../../sync/names';
import { causes } from '../names';
import { useVerdict } from '../slots';
import classes from './thread.module.css';

const SessionsDialog = lazy(() => import('../sessions/SessionsDialog'));

export function HappeningLine({ happening, conversation, past }: { happening: Happening; conversation: Conversation; past: boolean }) {
  const text = useText();
  const said = useSaid(happening);
  return (
    <div className={classes.happening}>
      <span>
        {said} · <time dateTime={new Date(happening.at).toISOString()}>{text.time(happening.at)}</time>
      </span>
      {happening.kind === 'assigned' && !past && <Why conversation={conversation} at={happening.at} />}
      {happening.kind === 'closed' && <Sessions conversation={conversation} />}
    </div>
  );
}

/** «Сессии обработки»: of what is over, at its end. */
function Sessions({ conversation }: { conversation: Conversation }) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={classes.why} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {t('work.sessions')}
      </button>
      {open && (
        <Suspense>
          <SessionsDialog conversation={conversation} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

function useSaid({ kind, detail, operatorId, title = '' }: Happening): string {
  const text = useText();
  const names = useNames();
  const { t } = text;
  const name = operatorId ? names.operator(operatorId) : '';
  switch (kind) {
    case 'queued':
      return withCause(t('work.happened.queued'), detail, text);
    case 'closed':
      return withCause(t('work.happened.closed'), detail, text);
    case 'assigned':
      return t('work.happened.assigned', { name });
    case 'agent':
      return t('work.happened.agent', { name: names.agent(detail) });
    case 'topic':
      return detail ? t('work.happened.topic', { name: names.topicPath(detail) }) : t('work.happened.noTopic');
    case 'rated':
      return t('work.happened.rated', { rating: detail });
    case 'called':
      return detail ? t('work.happened.notCalled', { why: detail }) : t('work.happened.called', { name });
    case 'survey':
      return t(surveys[detail] ?? 'work.happened.survey.ended', { title });
    case 'timedOut':
      return t('work.happened.timedOut', { name });
    default:
      return t(`work.happened.${kind}`);
  }
}

const surveys: Record<string, Key> = {
  BEGUN: 'work.happened.survey.begun',
  SURVEY_COMPLETED: 'work.happened.survey.completed',
  SURVEY_ABANDONED: 'work.happened.survey.abandoned',
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
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    event.preventDefault();
    setOpen(false);
  };
  if (!verdict) return null;
  return (
    // What is pressed in the answer comes here too.
    <span className={classes.asks} role="presentation" onKeyDown={onKeyDown}>
      <button type="button" className={classes.why} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)} {...own}>
        {t('work.why')}
      </button>
      {open && (
        <Answer onChange={setOpen}>{verdict(conversation, at)}</Answer>
      )}
    </span>
  );
}

/** A press of the button is the button's: it is not one beside the answer, which closes it. */
const own = { onMouseDown: (e: MouseEvent) => e.stopPropagation(), onTouchStart: (e: TouchEvent) => e.stopPropagation() };

/** It hangs on the place of the button, and comes only when it is asked for. */
function Answer({ onChange, children }: { onChange: (open: boolean) => void; children: ReactNode }) {
  const { t } = useText();
  useFocusBack();
  return (
    <Popover opened onChange={onChange} width={380} position="bottom" withinPortal shadow="md" trapFocus withRoles={false}>
      <Popover.Target>
        <span className={classes.asked} />
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={t('work.why')}>{children}</Popover.Dropdown>
    </Popover>
  );
}
