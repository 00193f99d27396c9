/** The messages of a conversation, from the first to the last. */
import { useEffect, useMemo, useRef } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { useText } from '../../../i18n';
import type { Conversation } from '../../../sync';
import { buildThread, type Row } from './build';
import { JumpDown } from './JumpDown';
import { LiveLog } from './LiveLog';
import { Preview } from './Preview';
import { ThreadRow } from './ThreadRow';
import { useAtEnd } from './useAtEnd';
import classes from './thread.module.css';

export function Thread({ conversation, past = false }: { conversation: Conversation; past?: boolean }) {
  const { t } = useText();
  const rows = useMemo(() => buildThread(conversation.items), [conversation.items]);
  const list = useRef<VirtualizerHandle>(null);
  const shift = usePrepended(rows);
  const end = useAtEnd(list, rows, !past);

  return (
    <Preview customerId={conversation.customerId}>
      <section className={classes.thread} aria-label={t('work.thread')}>
        {/* The keyboard scrolls what has the focus. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className={classes.scroll} tabIndex={0} role="group" aria-label={t('work.thread')} ref={end.scroll}>
          <div className={classes.fill} />
          <Virtualizer ref={list} data={rows} shift={shift} scrollRef={end.scroll} onScroll={end.onScroll} onResize={end.onResize} bufferSize={400}>
            {(row) => <ThreadRow key={row.key} row={row} conversation={conversation} past={past} />}
          </Virtualizer>
        </div>
        {!past && <LiveLog conversation={conversation} />}
        {!end.atEnd && <JumpDown count={end.fresh} onJump={end.jump} />}
      </section>
    </Preview>
  );
}

/** Rows came before the first one: the list keeps its place from the end. */
function usePrepended(rows: readonly Row[]): boolean {
  const seen = useRef<readonly Row[]>(rows);
  const before = seen.current;
  useEffect(() => {
    seen.current = rows;
  });
  return before !== rows && rows.length > before.length && before[0]?.key !== rows[0]?.key && before.at(-1)?.key === rows.at(-1)?.key;
}
