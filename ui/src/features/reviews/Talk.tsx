/** One conversation: what was said, and a pencil at each of the customer's lines. */
import { ActionIcon, Badge, Button, Group, Text, Title } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ChannelIcon, complain, Failure, Hint, Lines, offerUndo, useCommands, useRoving, type Command } from '../../kit';
import { ChevronDownIcon, ChevronUpIcon, UndoIcon } from '../../kit/icons';
import type { Steps } from '../../kit/steps';
import { problemOf } from '../../sync';
import { useNames } from '../../sync/names';
import { putLabel, putReview, useReviewTalk, type ReviewMessage, type ReviewTalk } from '../../sync/reviews';
import { Line, teaches } from './Line';
import { useOurReason } from './sentences';
import { useWords } from './text';
import { useArticleTitles } from './useArticleTitles';
import classes from './reviews.module.css';
import side from '../../kit/sideList.module.css';

const doneKeys = 'Ctrl+Enter';

export function Talk({ id, step }: { id: string; step: Steps }) {
  const { data, error, refetch } = useReviewTalk(id);
  if (data) return <Shown talk={data} step={step} />;
  return error ? <Failure problem={problemOf(error)} retry={() => void refetch()} /> : <Lines rows={8} height={32} />;
}

function Shown({ talk, step }: { talk: ReviewTalk; step: Steps }) {
  const { t } = useWords();
  const titleOf = useArticleTitles(talk.messages.flatMap((m) => [m.articleId, m.label?.articleId ?? '']));
  const label = useLabel(talk, titleOf);
  const [editing, edit] = useState('');
  const roving = useRoving<HTMLDivElement>();
  const lines = roving.ref;
  // Whoever opens one begins with its first line, and comes back to the line that was labelled.
  useEffect(() => lines.current?.querySelector<HTMLElement>('[data-roving]')?.focus({ preventScroll: true }), [lines]);
  const close = useCallback((message: string) => {
    edit('');
    requestAnimationFrame(() => lines.current?.querySelector<HTMLElement>(`[data-line="${CSS.escape(message)}"]`)?.focus());
  }, [lines]);
  return (
    <>
      <Head talk={talk} step={step} />
      <div className={side.scroll}>
        <div className={classes.thread} {...roving}>
          {talk.messages.map((m) => (
            <Line
              key={m.id} message={m} talk={talk} titleOf={titleOf} editing={editing === m.id} onEdit={() => edit(m.id)} onClose={() => close(m.id)}
              onLabel={(article) => {
                close(m.id);
                void label(m, article);
              }}
            />
          ))}
        </div>
      </div>
      <Text size="xs" c="dimmed" className={classes.keys}>{t('rv.keys')}</Text>
    </>
  );
}

type Put = (message: ReviewMessage, articleId: string | undefined, title?: string) => Promise<void>;

/** Labels a line, or takes the label off; each can be undone. */
function useLabel(talk: ReviewTalk, titleOf: (id: string) => string): (message: ReviewMessage, chosen?: { articleId: string; title: string }) => Promise<void> {
  const { t } = useWords();
  const reason = useOurReason();
  const put = useCallback<Put>((m, articleId) => putLabel(talk.id, m.id, articleId, '').catch((thrown: unknown) => complain(reason(thrown))), [talk.id, reason]);
  return async (m, chosen) => {
    const before = m.label?.articleId;
    if (before === chosen?.articleId) return;
    try {
      await putLabel(talk.id, m.id, chosen?.articleId, '');
    } catch (thrown) {
      complain(reason(thrown));
      return;
    }
    const name = chosen && (chosen.title || titleOf(chosen.articleId) || t('rv.noArticle'));
    offerUndo(name ? t('rv.said.labelled', { name }) : t('rv.said.cleared'), t('kit.undo'), () => void put(m, before));
  };
}

function Head({ talk, step }: { talk: ReviewTalk; step: Steps }) {
  const { t, dateTime } = useWords();
  const names = useNames();
  const { busy, reviewed, turn } = useReview(talk, step);
  const mine = talk.messages.filter(teaches);
  const at = (time: string) => dateTime(Date.parse(time));
  return (
    <header className={classes.bar}>
      <div className={side.grow}>
        <Group gap={8} wrap="nowrap">
          <ChannelIcon kind={talk.kind} size={18} />
          <Title order={2} size="h4" className={side.name}>{talk.customerName || t('rv.customer')}</Title>
          <Badge variant="light" color={reviewed ? 'green' : 'gray'} tt="none" className={side.fixed}>{t(`rv.state.${reviewed ? 'reviewed' : 'closed'}`)}</Badge>
        </Group>
        <Text size="xs" c="dimmed" role="status">
          {[
            reviewed ? t('rv.done.by', { who: names.operator(talk.reviewedBy), at: at(talk.reviewedAt) }) : talk.closedAt && t('rv.closedAt', { at: at(talk.closedAt) }),
            t('rv.labelled', { done: mine.filter((m) => m.label).length, count: mine.length }),
          ].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <Group gap={4} wrap="nowrap">
        <Step label={t('rv.previous')} command="reviews.previous" to={step.previous} icon={<ChevronUpIcon size={18} aria-hidden />} />
        <Step label={t('rv.next')} command="reviews.next" to={step.next} icon={<ChevronDownIcon size={18} aria-hidden />} />
        {reviewed ? (
          <Button variant="default" size="sm" loading={busy} leftSection={<UndoIcon size={16} aria-hidden />} onClick={() => turn(false)}>{t('rv.undone')}</Button>
        ) : (
          <Hint label={t('rv.done.hint')} command="reviews.done">
            <Button size="sm" loading={busy} onClick={() => turn(true)}>{t('rv.done')}</Button>
          </Hint>
        )}
      </Group>
    </header>
  );
}

function Step({ label, command, to, icon }: { label: string; command: string; to?: () => void; icon: React.ReactNode }) {
  return (
    <Hint label={label} command={command}>
      <ActionIcon variant="subtle" color="gray" size={32} aria-label={label} disabled={!to} onClick={to}>{icon}</ActionIcon>
    </Hint>
  );
}

/** «ПРОВЕРЕН», which leads to the next one, and the way back. */
function useReview(talk: ReviewTalk, step: Steps) {
  const { t } = useWords();
  const reason = useOurReason();
  const [busy, setBusy] = useState(false);
  const reviewed = talk.reviewedAt !== '';
  const now = useRef(step);
  now.current = step;
  const turn = useCallback(
    async (to: boolean) => {
      setBusy(true);
      const put = (done: boolean) => putReview(talk.id, done).catch((thrown: unknown) => complain(reason(thrown)));
      try {
        await putReview(talk.id, to);
        offerUndo(t(to ? 'rv.said.done' : 'rv.said.undone'), t('kit.undo'), () => void put(!to));
        if (to) now.current.next?.();
      } catch (thrown) {
        complain(reason(thrown));
      }
      setBusy(false);
    },
    [talk.id, t, reason],
  );
  const commands = useMemo<Command[]>(
    () => (reviewed ? [] : [{ id: 'reviews.done', group: t('rv.keys.group'), label: t('rv.done.hint'), combo: doneKeys, run: () => void turn(true) }]),
    [reviewed, t, turn],
  );
  useCommands(commands);
  return { busy, reviewed, turn: (to: boolean) => void turn(to) };
}
