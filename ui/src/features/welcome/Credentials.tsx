/** The new operator's login and password, which nobody can see again. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useWords } from './text';
import { Copyable } from './Copyable';

interface Props {
  name: string;
  login: string;
  password: string;
  onNext: () => void;
  onMore: () => void;
}

export function Credentials({ name, login, password, onNext, onMore }: Props) {
  const { t } = useWords();
  const next = useRef<HTMLButtonElement>(null);
  useEffect(() => next.current?.focus(), []);
  return (
    <Stack gap="sm">
      <Text role="status">{t('welcome.made', { name })}</Text>
      <Copyable label={t('welcome.operator.login')} text={login} />
      <Copyable label={t('welcome.password')} text={password} />
      <Text size="sm" c="dimmed">{t('welcome.password.once')}</Text>
      <Group gap="xs" mt="xs">
        <Button ref={next} onClick={onNext}>{t('welcome.next')}</Button>
        <Button variant="subtle" color="gray" onClick={onMore}>{t('welcome.operator.more')}</Button>
      </Group>
    </Stack>
  );
}
