/** What a person sets for themselves. Every change is kept at once. */
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Avatar } from '../../kit';
import { useSession } from '../../sync';
import { Looks } from './Looks';
import { NoticeSettings } from './NoticeSettings';
import { Password } from './Password';
import { Sending } from './Sending';
import { useWords } from './text';

/** keys are the user's own of templates; proofs and sessions are of signing in. The app puts them in. */
export default function Profile({ keys, proofs, sessions }: { keys: ReactNode; proofs?: ReactNode; sessions?: ReactNode }) {
  const { t } = useWords();
  const { user, may } = useSession();
  if (!user) return null;
  const name = [user.firstName, user.lastName].filter(Boolean).join(' ') || user.login;
  return (
    <Stack maw={720} mx="auto" p="lg" gap="md">
      <Title order={1} size="h3">
        {t('app.profile.title')}
      </Title>
      <Section title={t('app.profile.person')}>
        <Group>
          <Avatar name={name} id={user.userId} size={48} />
          <div>
            <Text fw={600}>{name}</Text>
            <Text size="sm" c="dimmed">
              {t('app.profile.login', { login: user.login })}
            </Text>
          </div>
        </Group>
      </Section>
      <Section title={t('app.profile.looks')}>
        <Looks />
      </Section>
      <Section title={t('app.profile.sending')}>
        <Sending />
      </Section>
      <Section title={t('app.profile.keys')}>{keys}</Section>
      <Section title={t('app.profile.notices')}>
        <NoticeSettings />
      </Section>
      {may('change_password') && (
        <Section title={t('app.profile.password')}>
          <Password login={user.login} />
        </Section>
      )}
      {proofs}
      {sessions}
    </Stack>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper component="section" aria-label={title} p="lg" withBorder>
      <Title order={2} size="h5" mb="md">
        {title}
      </Title>
      {children}
    </Paper>
  );
}
