/** A dialog that brings a file in: the page gives its words, and shows what was found in the file. */
import { Alert, Button, FileButton, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../../i18n';
import { Lines, useFocusBack } from '..';
import { ErrorIcon } from '../icons';
import { useDrop } from '../useDrop';
import { useImport, type Wish } from './useImport';
import classes from './import.module.css';

interface Words {
  title: string;
  text: string;
  drop: string;
  pick: string;
  again: string;
  broken: string;
  load: string;
}

interface Props<F> extends Wish<F> {
  words: Words;
  size: string;
  /** The kinds of files that are chosen from. */
  accept: string;
  /** Whether what was found can be loaded, and is anything new. */
  ready: (found: F) => boolean;
  /** Why it can't, for who points at the button. */
  hint?: (found: F) => string | undefined;
  show: (found: F) => ReactNode;
}

export function ImportDialog<F>({ words, size, accept, ready, hint, show, ...wish }: Props<F>) {
  const { t } = useText();
  useFocusBack();
  const { file, found, broken, busy, look, load } = useImport(wish);
  return (
    <Modal opened onClose={wish.close} title={words.title} size={size}>
      <Stack gap="md">
        <Text size="sm">{words.text}</Text>
        <Pick words={words} accept={accept} file={file} onPick={look} />
        {broken ? <Alert color="red" variant="light" role="alert" icon={<ErrorIcon size={20} aria-hidden />} title={words.broken}>{broken}</Alert> : file && !found && <Lines rows={3} />}
        {found && show(found)}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={wish.close}>{t('kit.cancel')}</Button>
          <Button loading={busy} disabled={!found || !ready(found)} title={found && hint?.(found)} onClick={load}>{words.load}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Pick({ words, accept, file, onPick }: { words: Words; accept: string; file?: File; onPick: (file: File) => void }) {
  const { over, drop } = useDrop(([first]) => first && onPick(first));
  return (
    <div className={classes.drop} data-over={over || undefined} {...drop}>
      <Text size="sm" fw={file ? 600 : undefined}>{file?.name ?? words.drop}</Text>
      <FileButton accept={accept} onChange={(picked) => picked && onPick(picked)}>
        {(props) => <Button {...props} variant={file ? 'default' : 'filled'} size="compact-sm">{file ? words.again : words.pick}</Button>}
      </FileButton>
    </div>
  );
}
