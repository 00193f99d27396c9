/** Where a person is signed in, each place with a way to end it. */
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { complain, Failure, Lines, useReason, type Wrong } from '../../kit';
import { del, get } from '../../sync';
import { useWords } from './text';

interface Session {
  session_id: string;
  at: string;
  seen_at: string;
  ip: string;
  browser: string;
  current: boolean;
}

/** Of whom: the own ones, or with an id those of a user. */
export function Sessions({ user }: { user?: string }) {
  const { t, locale } = useWords();
  const reason = useReason();
  const path = user ? `/api/v1/users/${encodeURIComponent(user)}/sessions` : '/api/v1/sessions';
  const { data, error, refetch } = useQuery({ queryKey: ['sessions', user ?? ''], queryFn: () => get<{ items: Session[] }>(path) });
  const show = (at: string) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));
  const end = (at: string) => void del(at).then(() => refetch(), (e: unknown) => complain(reason(e as Wrong)));
  const others = data?.items.some((s) => !s.current);
  return (
    <Paper component="section" aria-label={t('proofs.sessions')} p="lg" withBorder>
      <Title order={2} size="h5" mb="md">{t('proofs.sessions')}</Title>
      {!data ? (error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={2} />) : (
        <Stack gap="md" align="flex-start">
          {data.items.map((s) => (
            <Group key={s.session_id} justify="space-between" w="100%" wrap="nowrap">
              <div>
                <Text size="sm" fw={600}>
                  {t('proofs.session.from', { browser: browserOf(s.browser) || t('proofs.browser.other'), ip: s.ip })}
                </Text>
                <Text size="xs" c="dimmed">{t('proofs.session.seen', { at: show(s.at), seen: show(s.seen_at) })}</Text>
              </div>
              {s.current ? <Badge variant="light">{t('proofs.session.this')}</Badge> : <Button variant="default" size="xs" onClick={() => end(`${path}/${s.session_id}`)}>{t('proofs.session.end')}</Button>}
            </Group>
          ))}
          {others && <Button variant="default" onClick={() => end(path)}>{t('proofs.session.others')}</Button>}
        </Stack>
      )}
    </Paper>
  );
}

/** What people call a browser that calls itself all of them. */
export function browserOf(agent: string): string {
  const name = [[/YaBrowser/, 'Яндекс Браузер'], [/Edg\//, 'Edge'], [/OPR\//, 'Opera'], [/Firefox\//, 'Firefox'], [/Chrom(e|ium)\//, 'Chrome'], [/Safari\//, 'Safari']] as const;
  const system = [[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS/, 'macOS'], [/Linux/, 'Linux']] as const;
  const found = (list: readonly (readonly [RegExp, string])[]) => list.find(([mark]) => mark.test(agent))?.[1];
  return [found(name), found(system)].filter(Boolean).join(', ');
}
