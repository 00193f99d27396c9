/** Every agent by its kind: what it does, where it stands, and a switch. */
import { Switch } from '@mantine/core';
import { useState } from 'react';
import { complain, useReason } from '../../../kit';
import { AgentIcon } from '../../../kit/icons';
import { useOurWords } from '../../../kit/sheet/OurWords';
import { Records } from '../../../kit/sheet/Records';
import { fresh } from '../../../kit/sheet/useTabPlace';
import { agentKinds, putAgent, type Agency, type Agent } from '../../../sync/agents';
import { articles, useEntry } from '../../../sync/knowledge';
import { accountName, agentName, centerName } from '../names';
import type { PartProps } from '../part';
import { useWords } from '../text';
import { AgentForm } from './AgentForm';
import { KindIcon } from './KindIcon';
import classes from '../agents.module.css';

export function ListTab({ agency, place }: PartProps) {
  const { t } = useWords();
  const [made, setMade] = useState<{ id: string; secret: string }>();
  const { open, show } = place;
  const agent = agency.agents.find((a) => a.agent_id === open);
  const kept = (id: string, secret?: string) => {
    setMade(secret ? { id, secret } : undefined);
    show(secret ? id : '', true);
  };
  return (
    <>
      <Records
        lead={t('agents.lead')} add={{ text: t('agents.add'), href: place.hrefOf(fresh) }} label={t('agents.tab.list')}
        records={agentKinds.flatMap((kind) => agency.agents.filter((a) => a.kind === kind))} idOf={(a) => a.agent_id} nameOf={agentName} name={t('agents.name')} hrefOf={place.hrefOf}
        iconOf={(a) => <KindIcon kind={a.kind} />}
        columns={[
          { title: t('agents.kind'), width: '16%', show: (a) => t(`agents.kind.${a.kind}`) }, { title: t('agents.does'), width: '30%', show: (a) => <Does agent={a} /> },
          { title: t('agents.where'), width: '18%', show: (a) => <Where agency={agency} id={a.agent_id} /> }, { title: t('agents.on'), width: 110, show: (a) => <On agent={a} /> },
        ]}
        wordsOf={(a) => [a.name, a.agent_id, t(`agents.kind.${a.kind}`)].join(' ')} query={place.query} search={place.search}
        none={{ title: t('agents.none'), text: t('agents.none.text'), icon: <AgentIcon size={32} aria-hidden /> }}
      />
      {(agent || open === fresh) && (
        <AgentForm key={`${open} ${made?.id === open}`} agency={agency} agent={agent} made={made?.id === open ? made.secret : undefined} kept={kept} close={() => show('')} />
      )}
    </>
  );
}

function On({ agent }: { agent: Agent }) {
  const { t } = useWords();
  const { busy, turn } = useTurn(agent);
  return <Switch aria-label={t('agents.switch', { name: agentName(agent) })} checked={!agent.disabled} disabled={busy} onChange={(e) => turn(e.currentTarget.checked)} />;
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
function Where({ agency, id }: { agency: Agency; id: string }) {
  const { t } = useWords();
  const { settings, accounts } = agency;
  const inSettings = settings.filter((s) => s.policy?.agents?.includes(id)).map((s) => (s.center_id ? centerName(agency, s.center_id) : t('agents.chain.all')));
  const places = [...inSettings, ...accounts.filter((a) => a.own_agents && a.agents.includes(id)).map(accountName)];
  return places.length > 0 ? places.join(', ') : <span className={classes.dim}>{t('agents.where.nowhere')}</span>;
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
