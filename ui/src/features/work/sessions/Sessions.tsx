/** The sessions of processing of a conversation, as a table, or as a list where there is little room. */
import { Table, Text } from '@mantine/core';
import { makePart } from '../../../i18n/part';
import { sessions } from '../../../i18n/ru/sessions';
import { serverNow, type Conversation } from '../../../sync';
import { useNames } from '../../../sync/names';
import { causes } from '../names';
import { sessionsOf, type ProcessingSession } from './sessions';
import classes from './sessions.module.css';

const useWords = makePart({ ru: sessions, english: async () => (await import('../../../i18n/en/sessions')).sessions });

export function Sessions({ conversation, narrow = false }: { conversation: Conversation; narrow?: boolean }) {
  const { t } = useWords();
  const all = sessionsOf(conversation);
  if (all.length === 0) return <Text size="sm" c="dimmed">{t('sessions.none')}</Text>;
  if (!narrow) return <Rows all={all} />;
  return (
    <ol className={classes.list}>
      {all.map((s) => (
        <Item key={`${s.begin} ${s.handler} ${s.id}`} session={s} day={all[0]!.begin} />
      ))}
    </ol>
  );
}

function Item({ session: s, day }: { session: ProcessingSession; day: number }) {
  const { t, duration } = useWords();
  const name = useNames().keeper(s.handler, s.id);
  const at = useMoments(day);
  return (
    <li>
      <Text size="sm" fw={600}>{[t(`sessions.${s.handler}`), name].filter(Boolean).join(': ')}</Text>
      <Text size="xs" c="dimmed">{`${at(s.begin)} – ${s.end === undefined ? '…' : at(s.end)}, ${duration((s.end ?? serverNow()) - s.begin)}`}</Text>
      <Text size="xs">{useEnding(s)}</Text>
    </li>
  );
}

/** Times of the day on which it began, and with the date on others. */
function useMoments(day: number): (moment: number) => string {
  const { time, dateTime } = useWords();
  return (moment) => (new Date(moment).toDateString() === new Date(day).toDateString() ? time(moment) : dateTime(moment));
}

const columns = ['who', 'from', 'to', 'lasted', 'end'] as const;

function Rows({ all }: { all: ProcessingSession[] }) {
  const { t } = useWords();
  return (
    <Table.ScrollContainer minWidth={620} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': t('work.sessions') } }}>
      <Table fz="sm" verticalSpacing="xs" style={{ fontVariantNumeric: 'tabular-nums' }}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((c) => (
              <Table.Th key={c} scope="col">{t(`sessions.${c}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {all.map((s) => (
            <Row key={`${s.begin} ${s.handler} ${s.id}`} session={s} day={all[0]!.begin} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ session: s, day }: { session: ProcessingSession; day: number }) {
  const { t, duration } = useWords();
  const name = useNames().keeper(s.handler, s.id);
  const at = useMoments(day);
  return (
    <Table.Tr>
      <Table.Td>
        {name || t(`sessions.${s.handler}`)}
        {name && <Text size="xs" c="dimmed">{t(`sessions.${s.handler}`)}</Text>}
      </Table.Td>
      <Table.Td>{at(s.begin)}</Table.Td>
      <Table.Td>{s.end === undefined ? '—' : at(s.end)}</Table.Td>
      <Table.Td>{duration((s.end ?? serverNow()) - s.begin)}</Table.Td>
      <Table.Td>{useEnding(s)}</Table.Td>
    </Table.Tr>
  );
}

function useEnding({ ending, ended }: ProcessingSession): string {
  const { t } = useWords();
  const cause = causes[ended];
  switch (ending) {
    case '':
      return t('sessions.now');
    case 'queued':
      return cause ? t(cause) : '—';
    case 'closed':
      return cause ? `${t('sessions.closed')}: ${t(cause)}` : t('sessions.closed');
    case 'silence':
      return t('work.cause.silence');
    default:
      return t(`sessions.${ending}`);
  }
}
