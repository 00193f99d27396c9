/** A file that is not given out: its name, why, and who sent it. */
import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { RefreshIcon, UncheckedIcon, VirusIcon } from '../../../kit/icons';
import { useWords, virusOf } from '../../../kit/preview/heldBack';
import type { Attachment, Message } from '../../../sync';
import { useAuthorName } from '../names';
import { ask, type Reason } from './heldBack';
import { useViewer } from './Preview';
import classes from './thread.module.css';

interface Props {
  file: Attachment;
  reason: Reason;
  message: Message;
}

export default function HeldBack({ file, reason: { why, pressed }, message }: Props) {
  const { t } = useWords();
  const { of, urlOf } = useViewer();
  const name = useAuthorName()(message, of);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (pressed) box.current?.focus();
  }, [pressed]);
  const virus = why.kind === 'denied';
  const Icon = virus ? VirusIcon : UncheckedIcon;
  return (
    <div className={classes.file} data-lost={virus || undefined} ref={box} tabIndex={-1} role="group" aria-label={file.name}>
      <Icon size={24} aria-hidden />
      <span className={classes.fileName}>
        <span>{file.name}</span>
        <b>{t(virus ? 'held.virus' : 'held.unchecked')}</b>
        <span className={classes.fileSize}>{virus ? t('held.virus.text', { virus: virusOf(why.detail) }) : t('held.unchecked.text')}</span>
        <span className={classes.fileSize}>{t('held.from', { name })}</span>
      </span>
      {!virus && (
        <Button
          size="compact-xs" variant="default" leftSection={<RefreshIcon size={14} aria-hidden />}
          aria-label={t('held.again.of', { name: file.name })} onClick={() => void ask(file, urlOf(file), true)}
        >
          {t('held.again')}
        </Button>
      )}
    </div>
  );
}
