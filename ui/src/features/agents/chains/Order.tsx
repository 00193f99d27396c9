/** The agents of a chain in their order: moved by buttons, so that a keyboard does it too. */
import { ActionIcon, Group, Select } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Hint } from '../../../kit';
import { ArrowDownIcon, ArrowUpIcon, CloseIcon, UsersIcon } from '../../../kit/icons';
import { agentKinds, type Agency } from '../../../sync/agents';
import { KindIcon } from '../list/KindIcon';
import { agentName, nameOf } from '../names';
import { moved, without } from '../../../kit/lists';
import { useWords } from '../text';
import classes from '../agents.module.css';

interface Props {
  agency: Agency;
  value: readonly string[];
  wrong?: string;
  change: (agents: string[]) => void;
}

export function Order({ agency, value, wrong, change }: Props) {
  const { t } = useWords();
  const left = agentKinds.flatMap((kind) => agency.agents.filter((a) => a.kind === kind && !value.includes(a.agent_id)));
  const list = useRef<HTMLOListElement>(null);
  const follow = useFollow(list);
  return (
    <div className={classes.group}>
      <span className={classes.partLabel}>{t('agents.chain.order')}</span>
      <ol className={classes.list} ref={list}>
        {value.map((id, at) => (
          <Step
            key={id} agency={agency} id={id} at={at} last={at === value.length - 1}
            move={(by) => {
              follow(id, by);
              change(moved(value, at, by));
            }}
            take={() => change(without(value, at))}
          />
        ))}
        <li className={`${classes.step} ${classes.last}`}><UsersIcon size={18} aria-hidden />{t('agents.chain.operators')}</li>
      </ol>
      <Select
        key={value.length} label={t('agents.chain.add')} placeholder={t(left.length > 0 ? 'agents.chain.choose' : agency.agents.length > 0 ? 'agents.chain.all.in' : 'agents.chain.make')}
        disabled={left.length === 0} error={wrong} value={null} data={left.map((a) => ({ value: a.agent_id, label: `${agentName(a)} · ${t(`agents.kind.${a.kind}`)}` }))}
        onChange={(id) => id && change([...value, id])}
      />
    </div>
  );
}

/** After a move the focus stays on the button that moved it, or on its other one at the end of the list. */
function useFollow(list: React.RefObject<HTMLOListElement | null>) {
  const wanted = useRef<{ id: string; by: -1 | 1 } | null>(null);
  useEffect(() => {
    if (!wanted.current) return;
    const { id, by } = wanted.current;
    wanted.current = null;
    const row = [...(list.current?.children ?? [])].find((li) => (li as HTMLElement).dataset.agent === id);
    const find = (way: number) => row?.querySelector<HTMLButtonElement>(`button[data-by="${way}"]:not([data-disabled])`);
    (find(by) ?? find(-by))?.focus();
  });
  return (id: string, by: -1 | 1) => {
    wanted.current = { id, by };
  };
}

interface StepProps {
  agency: Agency;
  id: string;
  at: number;
  last: boolean;
  move: (by: -1 | 1) => void;
  take: () => void;
}

function Step({ agency, id, at, last, move, take }: StepProps) {
  const { t } = useWords();
  const agent = agency.agents.find((a) => a.agent_id === id);
  const name = nameOf(agency, id);
  const button = (by: -1 | 1, label: string, Icon: typeof ArrowUpIcon, never: boolean) => (
    <Hint label={label}>
      <ActionIcon variant="subtle" color="gray" className={classes.end} data-by={by} aria-label={label} disabled={never} onClick={() => move(by)}>
        <Icon size={16} aria-hidden />
      </ActionIcon>
    </Hint>
  );
  return (
    <li className={classes.step} data-agent={id}>
      <span className={classes.ordinal} aria-hidden>{at + 1}</span>
      {agent && <KindIcon kind={agent.kind} />}
      <span className={classes.grow}>
        {name}
        {agent && agent.name && <span className={classes.dim}> · {t(`agents.kind.${agent.kind}`)}</span>}
        {agent?.disabled && <span className={classes.dim}> · {t('agents.off')}</span>}
      </span>
      <Group gap={0} wrap="nowrap">
        {button(-1, t('agents.up', { name }), ArrowUpIcon, at === 0)}
        {button(1, t('agents.down', { name }), ArrowDownIcon, last)}
        <Hint label={t('agents.take', { name })}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('agents.take', { name })} onClick={take}><CloseIcon size={16} aria-hidden /></ActionIcon>
        </Hint>
      </Group>
    </li>
  );
}
