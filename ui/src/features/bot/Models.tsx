/** The models that are kept, and the way back to one of them. */
import { Badge, Button, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { complain, ConfirmDialog, Failure, Lines, say } from '../../kit';
import { putModelToUse, useBotModels, type BotModel } from '../../sync/bot';
import { useOurReason, useSentence } from './sentences';
import { useWords } from './text';
import classes from './bot.module.css';

export function Models() {
  const { t } = useWords();
  const { data, error, refetch } = useBotModels();
  return (
    <section className={classes.section}>
      <Title order={2} size="h5">{t('bot.models')}</Title>
      <Text size="sm" c="dimmed">{t('bot.models.text')}</Text>
      {data ? <List models={data} /> : error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={3} height={28} />}
    </section>
  );
}

function List({ models }: { models: BotModel[] }) {
  const { t, dateTime } = useWords();
  const reason = useOurReason();
  const [wanted, want] = useState<BotModel | null>(null);
  const [busy, setBusy] = useState(false);
  const at = (m: BotModel) => dateTime(Date.parse(m.at));
  const use = async (m: BotModel) => {
    setBusy(true);
    try {
      await putModelToUse(m.model_id);
      say(t('bot.models.used', { at: at(m) }));
    } catch (thrown) {
      complain(reason(thrown));
    }
    setBusy(false);
    want(null);
  };
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table className={classes.table} aria-label={t('bot.models')}>
        <Table.Thead>
          <Table.Tr>
            {(['made', 'language', 'examples', 'articles', 'took', 'size', 'verdict'] as const).map((name) => <Table.Th key={name}>{t(`bot.models.${name}`)}</Table.Th>)}
            <Table.Td w={120} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {models.map((m) => <Row key={m.model_id} model={m} at={at(m)} use={() => want(m)} />)}
        </Table.Tbody>
      </Table>
      {wanted && (
        <ConfirmDialog
          opened title={t('bot.models.use.title', { at: at(wanted) })} text={t('bot.models.use.text')} confirm={t('bot.models.use')} busy={busy}
          onConfirm={() => void use(wanted)} onCancel={() => want(null)}
        />
      )}
    </Table.ScrollContainer>
  );
}

function Row({ model: m, at, use }: { model: BotModel; at: string; use: () => void }) {
  const { t, number, duration, bytes, languageName } = useWords();
  const said = useSentence();
  return (
    <Table.Tr>
      <Table.Td>{at}</Table.Td>
      <Table.Td>{languageName(m.language)}</Table.Td>
      <Table.Td>{number(m.examples)}</Table.Td>
      <Table.Td>{number(m.articles)}</Table.Td>
      <Table.Td>{duration(Math.max(1000, 1000 * m.seconds))}</Table.Td>
      <Table.Td>{bytes(m.size)}</Table.Td>
      <Table.Td>{m.verdict ? said(m.verdict) : '—'}</Table.Td>
      <Table.Td ta="right">
        {m.in_use ? (
          <Badge variant="light" color="green" tt="none">{t('bot.models.inUse')}</Badge>
        ) : (
          <Button variant="default" size="compact-sm" aria-label={t('bot.models.use.of', { at })} onClick={use}>{t('bot.models.use')}</Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
