/** A message whose processing failed, or an update that its channel did not understand: why, and what can be done with it. */
import { ActionIcon } from '@mantine/core';
import { memo } from 'react';
import { ChannelIcon } from '../../kit/ChannelIcon';
import { Hint } from '../../kit/Hint';
import { DeleteIcon, DownloadIcon, RefreshIcon } from '../../kit/icons';
import { useSession } from '../../sync';
import { useNames } from '../../sync/names';
import { rawURL, useWall } from '../../sync/wall';
import { useActs } from './acts';
import { useFault } from './sentences';
import { useWords } from './text';
import classes from './wall.module.css';

export const FailureRow = memo(function FailureRow({ id, tabbable }: { id: string; tabbable: boolean }) {
  const { t, dateTime, bytes } = useWords();
  const f = useWall((w) => w.failures.get(id));
  const names = useNames();
  const told = useFault();
  const { may } = useSession();
  const { ask, retry } = useActs();
  if (!f) return <div className={classes.conversation} />;
  const account = names.account(f.accountId);
  const stop = tabbable ? 0 : -1;
  const of = (act: string) => t('wall.failure.of', { act, account, at: dateTime(f.at) });
  const why = told(f.reason) || t('wall.failure.reason');
  return (
    <div className={classes.failure} data-stop role="group" aria-label={`${account}: ${why}`} tabIndex={stop}>
      <span className={classes.who}>
        <ChannelIcon kind={names.accountOf(f.accountId)?.kind ?? ''} size={18} plain />
        <span className={classes.name}>{account}</span>
      </span>
      <span className={classes.about} title={why}>{why}</span>
      <span className={classes.dim}>{[dateTime(f.at), bytes(f.size)].join(' · ')}</span>
      <span className={classes.buttons}>
        <Hint label={t('wall.failure.retry')}>
          <ActionIcon variant="subtle" color="gray" size={28} tabIndex={stop} aria-label={of(t('wall.failure.retry'))} onClick={() => retry(id)}><RefreshIcon size={18} aria-hidden /></ActionIcon>
        </Hint>
        {f.raw && may('modify_configuration') && (
          <Hint label={t('wall.failure.download')}>
            <ActionIcon component="a" href={rawURL(id)} download variant="subtle" color="gray" size={28} tabIndex={stop} aria-label={of(t('wall.failure.download'))}><DownloadIcon size={18} aria-hidden /></ActionIcon>
          </Hint>
        )}
        <Hint label={t('wall.failure.discard')}>
          <ActionIcon variant="subtle" color="red" size={28} tabIndex={stop} aria-label={of(t('wall.failure.discard'))} onClick={() => ask({ act: 'discard', failureId: id })}><DeleteIcon size={18} aria-hidden /></ActionIcon>
        </Hint>
      </span>
    </div>
  );
});
