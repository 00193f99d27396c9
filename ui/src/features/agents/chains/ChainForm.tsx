/** The chain of one place: whose it is, its order, and how one gets past it. */
import { SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { putAccountChain, putChain, type Agency } from '../../../sync/agents';
import { linesOf } from '../../../kit/lists';
import { centerName, nameOf } from '../names';
import { Sheet } from '../../../kit/sheet/Sheet';
import { useWords } from '../text';
import { useEditing, type Wrong } from '../../../kit/sheet/useEditing';
import { numberOf } from '../list/entered';
import { aboveOf, timeoutAbove, valuesOf, wordsAbove, type Source, type Spot, type Values } from './chain';
import { useSpotName } from './ChainsTab';
import { Order } from './Order';
import classes from '../agents.module.css';

interface Props {
  agency: Agency;
  spot: Spot;
  close: () => void;
}

export function ChainForm({ agency, spot: now, close }: Props) {
  // What somebody else keeps meanwhile is not written over: the server refuses then.
  const [spot] = useState(now);
  const { t } = useWords();
  const name = useSpotName(agency)(spot);
  const editing = useEditing({
    begin: () => valuesOf(spot), check: (v) => check(v, t('agents.wrong.timeout'), t('agents.wrong.chain'), spot),
    put: (v) => keep(spot, v), fieldOf, said: t('agents.chain.saved', { name }), done: close,
  });
  const { value, wrong, set } = editing;
  const above = aboveOf(agency, spot).map((id) => nameOf(agency, id)).join(' → ') || t('agents.chain.nobody');
  return (
    <Sheet title={name} about={spot.of === 'account' ? t('agents.chain.channel', { center: centerName(agency, spot.account.center_id) }) : undefined} editing={editing} close={close}>
      {spot.of !== 'all' && <Whose spot={spot} value={value.source} above={above} change={(source) => set({ source })} />}
      {(value.source === 'own' || spot.of === 'all') && (
        <Order agency={agency} value={value.agents} wrong={wrong.agents} change={(agents) => set({ agents })} />
      )}
      {spot.of !== 'account' && <Past agency={agency} spot={spot} value={value} wrong={wrong} set={set} />}
    </Sheet>
  );
}

function Whose({ spot, value, above, change }: { spot: Spot; value: Source; above: string; change: (source: Source) => void }) {
  const { t } = useWords();
  const inherited = t(`agents.above.${spot.of === 'account' ? 'account' : 'center'}`);
  const data = [{ value: 'above', label: inherited }, { value: 'own', label: t('agents.source.own') }, { value: 'none', label: t('agents.source.none') }];
  return (
    <div className={classes.group}>
      <SegmentedControl aria-label={t('agents.chain.source')} fullWidth data={data} value={value} onChange={(source) => change(source as Source)} />
      {value === 'above' && <span className={classes.small}>{t('agents.chain.inherited', { agents: above })}</span>}
      {value === 'none' && <span className={classes.small}>{t('agents.chain.noneHere')}</span>}
    </div>
  );
}

interface PastProps {
  agency: Agency;
  spot: Spot;
  value: Values;
  wrong: Wrong;
  set: (part: Partial<Values>) => void;
}

/** How a customer gets past the agents: by asking, or because one of them is silent. */
function Past({ agency, spot, value, wrong, set }: PastProps) {
  const { t, number } = useWords();
  const words = wordsAbove(agency, spot).join(', ');
  return (
    <>
      <Textarea
        label={t('agents.words')} description={t('agents.words.hint')} autosize minRows={2} maxRows={12} placeholder={words} value={value.words} error={wrong.words}
        onChange={(e) => set({ words: e.currentTarget.value })}
      />
      <TextInput
        label={t('agents.timeout')} description={t('agents.timeout.hint')} inputMode="decimal" placeholder={number(timeoutAbove(agency, spot))} value={value.timeout}
        error={wrong.timeout} onChange={(e) => set({ timeout: e.currentTarget.value })}
      />
    </>
  );
}

function check({ source, agents, timeout }: Values, wrongTime: string, wrongChain: string, spot: Spot): Wrong {
  const seconds = timeout.trim() ? numberOf(timeout) : 1;
  return {
    agents: spot.of !== 'all' && source === 'own' && agents.length === 0 ? wrongChain : undefined,
    timeout: seconds > 0 && seconds <= 3600 ? undefined : wrongTime,
  };
}

function keep(spot: Spot, v: Values): Promise<unknown> {
  const own = v.source !== 'above';
  const agents = v.source === 'own' || spot.of === 'all' ? v.agents : [];
  if (spot.of === 'account') return putAccountChain(spot.account, own, agents);
  const timeout = v.timeout.trim() ? `${numberOf(v.timeout)}s` : undefined;
  return putChain(spot.settings, spot.of === 'center' && own, { agents, person_words: linesOf(v.words), agent_timeout: timeout });
}

const fields: Record<string, keyof Values> = { agents: 'agents', 'policy.agents': 'agents', 'policy.person_words': 'words', 'policy.agent_timeout': 'timeout' };
const fieldOf = (named: string) => fields[named];
