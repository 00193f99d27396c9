/** The shortcuts of the workplace, in the one registry of commands. */
import { useMemo, useRef } from 'react';
import { useText, type Key } from '../../i18n';
import { useCommands, type Command } from '../../kit';
import { useSession } from '../../sync';

export interface WorkActs {
  /** A conversation of the operator's is open. */
  open: boolean;
  step: (by: number) => void;
  nextUnanswered: () => void;
  transfer: () => void;
  close: () => void;
  topic: () => void;
  channel: () => void;
  panel: () => void;
  compose: () => void;
}

export function useCommandsOfWork(acts: WorkActs): void {
  const { t } = useText();
  const { may } = useSession();
  const now = useRef(acts);
  now.current = acts;
  const transfers = may('view_reroute_btn');
  const { open } = acts;

  const commands = useMemo<Command[]>(() => {
    const group = t('work.group');
    const reason = open ? undefined : t('work.command.none');
    const on = (id: string, label: Key, run: () => void, needs = true): Command => ({
      id, group, label: t(label), run, reason: needs ? reason : undefined,
    });
    const all = [
      on('work.previous', 'work.command.previous', () => now.current.step(-1), false),
      on('work.next', 'work.command.next', () => now.current.step(1), false),
      on('work.unanswered', 'work.command.unanswered', () => now.current.nextUnanswered(), false),
      on('work.transfer', 'work.transfer', () => now.current.transfer()),
      on('work.close', 'work.close', () => now.current.close()),
      on('work.topic', 'work.topic', () => now.current.topic()),
      on('work.channel', 'work.channel', () => now.current.channel()),
      on('work.panel', 'work.command.panel', () => now.current.panel(), false),
      on('work.compose', 'work.command.compose', () => now.current.compose()),
    ];
    return transfers ? all : all.filter((c) => c.id !== 'work.transfer');
  }, [t, open, transfers]);
  useCommands(commands);
}
