/** The messages of a conversation, from the first to the last. */
import { useMemo } from 'react';
import { useText } from '../../../i18n';
import type { Conversation } from '../../../sync';
import { buildThread } from './build';
import { JumpDown } from './JumpDown';
import { LiveLog } from './LiveLog';
import { Preview } from './Preview';
import { ThreadRow } from './ThreadRow';
import { useAtEnd } from './useAtEnd';
import { useDrawn } from './useDrawn';
import classes from './thread.module.css';

/** A thread that goes on is read from its end, a past one from its beginning. */
export function Thread({ conversation, past = false }: { conversation: Conversation; past?: boolean }) {
  const { t } = useText();
  const rows = useMemo(() => buildThread(conversation.items), [conversation.items]);
  const { drawn, brink, drawEnd } = useDrawn(rows, past);
  const end = useAtEnd(rows, !past, drawEnd);
  const more = <div ref={brink} aria-hidden />;

  return (
    <Preview conversation={conversation}>
      <section className={classes.thread} aria-label={t('work.thread')}>
        {/* The keyboard scrolls what has the focus. */}
        <div
          className={classes.scroll} data-past={past || undefined} ref={end.scroll} onScroll={end.onScroll}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0} role="group" aria-label={t('work.thread')}
        >
          <div>
            {!past && more}
            {drawn.map((row) => (
              <ThreadRow key={row.key} row={row} conversation={conversation} past={past} />
            ))}
            {past && more}
          </div>
        </div>
        {!past && <LiveLog conversation={conversation} />}
        {!end.atEnd && <JumpDown count={end.fresh} onJump={end.jump} />}
      </section>
    </Preview>
  );
}
