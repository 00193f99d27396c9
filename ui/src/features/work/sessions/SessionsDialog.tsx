/** «Сессии обработки»: through whose hands a conversation has gone, and why it went on. */
import { Modal, Table, Text } from '@mantine/core';
import { makePart } from '../../../i18n/part';
import { sessions } from '../../../i18n/ru/sessions';
import { useFocusBack } from '../../../kit';
import { serverNow, useWorkplace, type Conversation } from '../../../sync';
import { causes, useOperatorName } from '../names';
import { sessionsOf, type ProcessingSession } from './sessions';

const useWords = makePart({ ru: sessions, english: async () => (await import('../../../i18n/en/sessions')).sessions });

export default function SessionsDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useWords();
  useFocusBack();
  const all = sessionsOf(conversation);
  return (
    <Modal opened onClose={onClose} size="xl" title={t('work.sessions')} closeButtonProps={{ 'aria-label': t('kit.close') }}>
      {all.length === 0 ? <Text c="dimmed">{t('sessions.none')}</Text> : <Sessions all={all} />}
    </Modal>
  );
}

const columns = ['who', 'from', 'to', 'lasted', 'end'] as const;

function Sessions({ all }: { all: ProcessingSession[] }) {
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
  const { t, time, dateTime, duration } = useWords();
  const name = useHandler(s);
  const same = (at: number) => new Date(at).toDateString() === new Date(day).toDateString();
  const at = (moment: number) => (same(moment) ? time(moment) : dateTime(moment));
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

/** The name of who kept it; the id where nobody knows a name. */
function useHandler({ handler, id }: ProcessingSession): string {
  const { agents, lines } = useWorkplace();
  const operator = useOperatorName();
  if (handler === 'operator') return operator(id);
  if (handler === 'agent') return agents.find((a) => a.agentId === id)?.name ?? id;
  return lines.find((l) => l.lineId === id)?.name ?? id;
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
