/** One agent: its kind, its name, and what an agent of that kind is told. */
import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { agentKinds, putAgent, removeEntry, type Agency, type Agent, type AgentKind } from '../../../sync/agents';
import { freshId } from '../../../kit/sheet/ids';
import { agentName } from '../names';
import { Sheet } from '../../../kit/sheet/Sheet';
import { Note } from '../Note';
import { useWords } from '../text';
import { useEditing } from '../../../kit/sheet/useEditing';
import { Copied } from '../../../kit/sheet/Copied';
import { agentOf, check, fieldOf, newSecret, valuesOf } from './entered';
import { KindFields } from './KindFields';
import { TryOut } from './TryOut';

interface Props {
  agency: Agency;
  /** None for a new one. */
  agent?: Agent;
  /** What was made with it a moment ago, and is told this once. */
  made?: string;
  /** It is kept; what was made with it has to be shown. */
  kept: (id: string, made?: string) => void;
  close: () => void;
}

export function AgentForm({ agency, agent: now, made, kept, close }: Props) {
  // What somebody else keeps meanwhile is not written over: the server refuses then.
  const [agent] = useState(now);
  const { t } = useWords();
  const taken = agency.agents.map((a) => a.agent_id);
  const [touched, touch] = useState(false);
  const [secret] = useState(newSecret);
  const editing = useEditing({
    begin: () => valuesOf(agent, freshId('greeting', taken)),
    check: (v) => check(v, agent ? [] : taken, t),
    put: (v) => putAgent(v.id, agentOf(v, agent?.disabled ?? false, () => secret), agent?.revision),
    fieldOf, said: t('agents.saved'),
    done: (v, { signing }) => kept(v.id, signing ?? (v.rotate ? secret : undefined)),
  });
  const { value, wrong, set } = editing;
  const choose = (kind: AgentKind) => set({ kind, ...(touched ? {} : { id: freshId(kind, taken) }) });
  const name = agent ? agentName(agent) : t('agents.new');
  return (
    <Sheet
      title={name} about={agent && `${t(`agents.kind.${agent.kind}`)} · ${agent.agent_id}`} editing={editing} close={close}
      remove={agent && { title: t('agents.delete.title', { name }), text: t('agents.delete.text'), run: () => removeEntry('agents', agent.agent_id), said: t('agents.deleted', { name }) }}
    >
      {made && <Note title={t('agents.signing.once')}><Copied title={t('agents.signing')} value={made} /></Note>}
      {!agent && (
        <Select
          data-autofocus
          label={t('agents.kind')} description={t(`agents.kind.${value.kind}.hint`)} data={agentKinds.map((kind) => ({ value: kind, label: t(`agents.kind.${kind}`) }))}
          value={value.kind} allowDeselect={false} onChange={(kind) => kind && choose(kind as AgentKind)}
        />
      )}
      <TextInput label={t('agents.name')} description={t('agents.name.hint')} placeholder={t(`agents.kind.${value.kind}`)} value={value.name} error={wrong.name} onChange={(e) => set({ name: e.currentTarget.value })} />
      <KindFields editing={editing} kept={!!agent} secret={agent?.has_secrets ?? false} />
      {!agent && (
        <TextInput
          label={t('agents.id')} description={t('agents.id.hint')} withAsterisk value={value.id} error={wrong.id}
          onChange={(e) => {
            touch(true);
            set({ id: e.currentTarget.value });
          }}
        />
      )}
      {agent && (agent.kind === 'external' || agent.kind === 'model') && <TryOut id={agent.agent_id} dirty={editing.dirty} />}
    </Sheet>
  );
}
