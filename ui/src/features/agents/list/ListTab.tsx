/** Every agent by its kind: what it does, where it stands, and a switch. */
import { Button, Switch, Table } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { complain, Empty, useReason } from '../../../kit';
import { AddIcon, AgentIcon } from '../../../kit/icons';
import { agentKinds, putAgent, type Agency, type Agent } from '../../../sync/agents';
import { articles, useEntry } from '../../../sync/knowledge';
import { accountName, agentName, centerName } from '../names';
import type { PartProps } from '../part';
import { addressOf, fresh } from '../place';
import { useOurWords } from '../sentences';
import { useWords } from '../text';
import { AgentForm } from './AgentForm';
import { KindIcon } from './KindIcon';
import classes from '../agents.module.css';

export function ListTab({ agency, open, show }: PartProps) {
  const { t } = useWords();
  const [made, setMade] = useState<{ id: string; secret: string }>();
  const agent = agency.agents.find((a) => a.agent_id === open);
  const kept = (id: string, secret?: string) => {
    setMade(secret ? { id, secret } : undefined);
    show(secret ? id : '', true);
  };
  return (
    <>
      <div className={classes.head}>
        <p className={classes.lead}>{t('agents.lead')}</p>
        <Button component={Link} href={addressOf({ tab: 'list', open: fresh })} leftSection={<AddIcon size={16} aria-hidden />} flex="none">{t('agents.add')}</Button>
      </div>
      {agency.agents.length === 0 ? <Empty icon={<AgentIcon size={32} aria-hidden />} title={t('agents.none')} text={t('agents.none.text')} /> : <Agents agency={agency} />}
      {(agent || open === fresh) && (
        <AgentForm key={`${open} ${made?.id === open}`} agency={agency} agent={agent} made={made?.id === open ? made.secret : undefined} kept={kept} close={() => show('')} />
      )}
    </>
  );
}

function Agents({ agency }: { agency: Agency }) {
  const { t } = useWords();
  const sorted = agentKinds.flatMap((kind) => agency.agents.filter((a) => a.kind === kind));
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table className={classes.table} aria-label={t('agents.tab.list')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="22%">{t('agents.name')}</Table.Th>
            <Table.Th w="16%">{t('agents.kind')}</Table.Th>
            <Table.Th>{t('agents.does')}</Table.Th>
            <Table.Th w="18%">{t('agents.where')}</Table.Th>
            <Table.Th w={110}>{t('agents.on')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{sorted.map((agent) => <Row key={agent.agent_id} agency={agency} agent={agent} />)}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ agency, agent }: { agency: Agency; agent: Agent }) {
  const { t } = useWords();
  const { busy, turn } = useTurn(agent);
  const name = agentName(agent);
  const places = usePlaces(agency, agent.agent_id);
  return (
    <Table.Tr>
      <Table.Td>
        <Link href={addressOf({ tab: 'list', open: agent.agent_id })} className={classes.rowLink}>
          <KindIcon kind={agent.kind} />
          {name}
        </Link>
      </Table.Td>
      <Table.Td>{t(`agents.kind.${agent.kind}`)}</Table.Td>
      <Table.Td><Does agent={agent} /></Table.Td>
      <Table.Td>{places.length > 0 ? places.join(', ') : <span className={classes.dim}>{t('agents.where.nowhere')}</span>}</Table.Td>
      <Table.Td><Switch aria-label={t('agents.switch', { name })} checked={!agent.disabled} disabled={busy} onChange={(e) => turn(e.currentTarget.checked)} /></Table.Td>
    </Table.Tr>
  );
}

/** What an agent says, or whom it asks. */
function Does({ agent }: { agent: Agent }) {
  const { t } = useWords();
  const { data } = useEntry(articles, agent.article_id);
  const article = data?.value.title || data?.value.identifier || agent.article_id;
  switch (agent.kind) {
    case 'greeting':
      return t('agents.does.greeting', { article });
    case 'hours':
      return `${article ? t('agents.does.greeting', { article }) : t('agents.does.silent')} · ${t(`agents.then.${agent.away || 'onward'}`)}`;
    case 'bot':
      return t('agents.does.bot', { precision: Number(((agent.bot?.precision ?? 0.95) * 100).toFixed(1)) });
    case 'external':
      return agent.external?.url;
    case 'model':
      return `${agent.external?.model} · ${agent.external?.url}`;
  }
}

/** The chains that an agent stands in. */
function usePlaces(agency: Agency, id: string): string[] {
  const { t } = useWords();
  const { settings, accounts } = agency;
  const inSettings = settings.filter((s) => s.policy?.agents?.includes(id)).map((s) => (s.center_id ? centerName(agency, s.center_id) : t('agents.chain.all')));
  return [...inSettings, ...accounts.filter((a) => a.own_agents && a.agents.includes(id)).map(accountName)];
}

/** Switches an agent on and off, and leaves all else as it is. */
function useTurn({ agent_id, kind, name, article_id, away, bot, external, revision }: Agent) {
  const reason = useReason();
  const ours = useOurWords();
  const [busy, setBusy] = useState(false);
  const turn = (on: boolean) => {
    setBusy(true);
    putAgent(agent_id, { kind, name, article_id, away, bot, external, disabled: !on }, revision)
      .catch((e: unknown) => complain(ours(reason(e))))
      .finally(() => setBusy(false));
  };
  return { busy, turn };
}
