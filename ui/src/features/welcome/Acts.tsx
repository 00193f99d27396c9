/** What stands below every form: why it failed, go on, or skip. */
import { Button, Group } from '@mantine/core';
import { useWords, type Word } from './text';
import { Failure } from '../../kit';
import type { Problem } from '../../sync';

interface Props {
  label: Word;
  busy: boolean;
  problem: Problem | null;
  onSkip: () => void;
}

export function Acts({ label, busy, problem, onSkip }: Props) {
  const { t } = useWords();
  return (
    <>
      {problem && <Failure problem={problem} title={t('welcome.failed')} />}
      <Group gap="xs" mt="xs">
        <Button type="submit" loading={busy}>{t(label)}</Button>
        <Button variant="subtle" color="gray" onClick={onSkip}>{t('welcome.skip')}</Button>
      </Group>
    </>
  );
}
