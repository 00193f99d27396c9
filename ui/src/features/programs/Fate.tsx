/** How a webhook fares: what was posted lately, what waits, and what was given up and can be told again. */
import { Button, Group, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { complain, Failure, Lines, say, useReason } from '../../kit';
import { RefreshIcon } from '../../kit/icons';
import { resend, useFate } from '../../sync/programs';
import { kinds } from './kinds';
import { useWords } from './text';
import sheet from '../../kit/sheet/sheet.module.css';

export function Fate({ id }: { id: string }) {
  const { t, dateTime } = useWords();
  const { data, error, refetch } = useFate(id);
  const again = useResend(id);
  if (!data) return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={3} />;
  const at = (time: string) => dateTime(Date.parse(time));
  const named = (kind: string) => (kinds.some((k) => k === kind) ? t(`pr.kind.${kind}` as 'pr.kind.rating_given') : kind);
  return (
    <>
      <section className={sheet.part}>
        <h3>{t('pr.failed')}</h3>
        {data.failed.length === 0 ? <Text size="sm" c="dimmed">{t('pr.failed.none')}</Text> : (
          <>
            {data.failed.map((f) => (
              <Group key={f.item} justify="space-between" wrap="nowrap" py={4}>
                <div>
                  <Text size="sm">{at(f.first_at)} · {t('pr.failed.tries', { count: f.tries })}</Text>
                  <Text size="xs" c="dimmed">{f.error}</Text>
                </div>
                <Button size="compact-sm" variant="default" flex="none" loading={again.busy} onClick={() => again.run([f.item])}>{t('pr.failed.resend')}</Button>
              </Group>
            ))}
            <Button mt="xs" size="compact-sm" variant="default" leftSection={<RefreshIcon size={14} aria-hidden />} loading={again.busy} onClick={() => again.run()}>{t('pr.failed.all')}</Button>
          </>
        )}
      </section>
      <section className={sheet.part}>
        <h3>{t('pr.log')}</h3>
        {data.waiting > 0 && <Text size="sm" mb={8}>{t('pr.log.waiting', { count: data.waiting })}</Text>}
        {data.items.length === 0 ? <Text size="sm" c="dimmed">{t('pr.log.none')}</Text> : (
          <Table.ScrollContainer minWidth={480}>
            <Table fz="xs">
              <Table.Thead><Table.Tr><Table.Th>{t('pr.log.at')}</Table.Th><Table.Th>{t('pr.log.kind')}</Table.Th><Table.Th>{t('pr.log.answer')}</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {data.items.map((p) => (
                  <Table.Tr key={`${p.at} ${p.item}`}>
                    <Table.Td>{at(p.at)}</Table.Td>
                    <Table.Td>{named(p.kind)}</Table.Td>
                    <Table.Td>{[p.status || undefined, t('pr.log.took', { ms: p.duration_ms }), p.error, p.next && t('pr.log.next', { at: at(p.next) })].filter(Boolean).join(' · ')}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </section>
    </>
  );
}

function useResend(id: string) {
  const { t } = useWords();
  const reason = useReason();
  const [busy, setBusy] = useState(false);
  const run = (items?: string[]) => {
    setBusy(true);
    resend(id, items)
      .then((count) => say(t('pr.failed.said', { count })), (e: unknown) => complain(reason(e)))
      .finally(() => setBusy(false));
  };
  return { busy, run };
}
