/** Working hours: the calendars, and where each of them holds. */
import { Select, Table, Title } from '@mantine/core';
import { useId, useState } from 'react';
import { ChannelIcon, complain, say, useReason } from '../../../kit';
import { CalendarIcon } from '../../../kit/icons';
import { useOurWords } from '../../../kit/sheet/OurWords';
import { Records } from '../../../kit/sheet/Records';
import { fresh } from '../../../kit/sheet/useTabPlace';
import { useZoneName } from '../../../kit/sheet/Zone';
import { putCenterHours, putLineHours, type Agency, type AgentAccount, type Attendance, type Calendar, type Center, type Line } from '../../../sync/agents';
import { accountName, calendarName, lineName } from '../names';
import type { PartProps } from '../part';
import { useWords } from '../text';
import { CalendarForm } from './CalendarForm';
import { Now } from './Now';
import { Outside } from './Outside';
import classes from '../agents.module.css';
import sheet from '../../../kit/sheet/sheet.module.css';

export function HoursTab({ agency, place }: PartProps) {
  const { t } = useWords();
  const zoneName = useZoneName();
  const calendar = agency.calendars.find((c) => c.calendar_id === place.open);
  return (
    <>
      <Records
        lead={t('agents.hours.lead')} add={{ text: t('agents.hours.add'), href: place.hrefOf(fresh) }} label={t('agents.tab.hours')}
        records={agency.calendars} idOf={(c) => c.calendar_id} nameOf={(c) => c.name || c.calendar_id} name={t('agents.hours.calendar')} hrefOf={place.hrefOf}
        iconOf={() => <CalendarIcon size={18} aria-hidden />}
        columns={[
          { title: t('agents.hours.state'), width: '44%', show: (c) => <Now attendance={attendanceOf(agency, 'calendar', c.calendar_id)} /> },
          { title: t('agents.zone'), width: '26%', show: (c) => (c.time_zone ? zoneName(c.time_zone) : t('agents.zone.center')) },
        ]}
        wordsOf={(c) => [c.name, c.calendar_id].join(' ')} query={place.query} search={place.search}
        none={{ title: t('agents.hours.none'), text: t('agents.hours.none.text'), icon: <CalendarIcon size={32} aria-hidden /> }}
      />
      {agency.centers.length > 0 && <Places agency={agency} />}
      {(calendar || place.open === fresh) && <CalendarForm key={place.open} agency={agency} calendar={calendar} close={() => place.show('')} />}
    </>
  );
}

const attendanceOf = (agency: Agency, of: Attendance['of'], id: string) => agency.attendance.find((a) => a.of === of && a.id === id);

/** Each center with its lines, and below each line the channels that lead there. */
function Places({ agency }: { agency: Agency }) {
  const { t } = useWords();
  const id = useId();
  const { centers, lines, accounts } = agency;
  const channels = (center: string, line: string) => accounts.filter((a) => a.center_id === center && (a.routing?.line_id ?? '') === line);
  return (
    <section aria-labelledby={id}>
      <Title order={2} size="h5" id={id} mb={8}>{t('agents.places')}</Title>
      <Table.ScrollContainer minWidth={600}>
        <Table className={sheet.table} aria-labelledby={id}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="28%">{t('agents.chain.place')}</Table.Th>
              <Table.Th w="30%">{t('agents.tab.hours')}</Table.Th>
              <Table.Th>{t('agents.hours.state')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {centers.map((c) => [
              <CenterRow key={c.center_id} agency={agency} center={c} />,
              ...channels(c.center_id, '').map((a) => <ChannelRow key={a.account_id} agency={agency} account={a} />),
              ...lines.filter((l) => l.center_id === c.center_id).flatMap((l) => [
                <LineRow key={l.line_id} agency={agency} line={l} />,
                ...channels(c.center_id, l.line_id).map((a) => <ChannelRow key={a.account_id} agency={agency} account={a} />),
              ]),
            ])}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

function CenterRow({ agency, center }: { agency: Agency; center: Center }) {
  const { t } = useWords();
  const name = center.name || center.center_id;
  return (
    <Table.Tr>
      <Table.Td fw={600}>{name}</Table.Td>
      <Table.Td><Chosen name={name} calendars={agency.calendars} value={center.calendar_id} none={t('agents.places.always')} keep={(id) => putCenterHours(center, id)} /></Table.Td>
      <Table.Td>
        <Now attendance={attendanceOf(agency, 'center', center.center_id)} />
        {center.calendar_id && <div><Outside agency={agency} center={center.center_id} /></div>}
      </Table.Td>
    </Table.Tr>
  );
}

function LineRow({ agency, line }: { agency: Agency; line: Line }) {
  const { t } = useWords();
  const name = lineName(agency, line.line_id);
  return (
    <Table.Tr className={classes.inner}>
      <Table.Td>{t('agents.places.line', { name })}</Table.Td>
      <Table.Td><Chosen name={name} calendars={agency.calendars} value={line.calendar_id} none={t('agents.above.center.hours')} keep={(id) => putLineHours(line, id)} /></Table.Td>
      <Table.Td><Now attendance={attendanceOf(agency, 'line', line.line_id)} /></Table.Td>
    </Table.Tr>
  );
}

/** A channel has the hours of the line it leads to, else of its center. */
function ChannelRow({ agency, account }: { agency: Agency; account: AgentAccount }) {
  const { t } = useWords();
  const line = account.routing?.line_id ?? '';
  const attendance = line ? attendanceOf(agency, 'line', line) : attendanceOf(agency, 'center', account.center_id);
  const id = attendance?.calendar_id ?? '';
  return (
    <Table.Tr className={classes.inner}>
      <Table.Td><span className={classes.now}><ChannelIcon kind={account.kind} />{accountName(account)}</span></Table.Td>
      <Table.Td><span className={classes.small}>{id ? calendarName(agency, id) : t('agents.places.always')} <span className={classes.dim}>{t(line ? 'agents.places.asLine' : 'agents.places.asCenter')}</span></span></Table.Td>
      <Table.Td />
    </Table.Tr>
  );
}

interface ChosenProps {
  name: string;
  calendars: readonly Calendar[];
  value: string;
  /** What no calendar means. */
  none: string;
  keep: (id: string) => Promise<unknown>;
}

/** Which calendar holds: it is kept as soon as it is chosen, and what chose it keeps the focus. */
function Chosen({ name, calendars, value, none, keep }: ChosenProps) {
  const { t } = useWords();
  const reason = useReason();
  const ours = useOurWords();
  const [busy, setBusy] = useState(false);
  const choose = (id: string | null) => {
    if (id === null || id === value) return;
    setBusy(true);
    keep(id)
      .then(() => say(t('agents.places.saved', { name })), (e: unknown) => complain(ours(reason(e))))
      .finally(() => setBusy(false));
  };
  const data = [{ value: '', label: none }, ...calendars.map((c) => ({ value: c.calendar_id, label: c.name || c.calendar_id }))];
  return <Select aria-label={t('agents.places.of', { name })} size="xs" maw={280} data={data} value={value} allowDeselect={false} readOnly={busy} onChange={choose} />;
}
