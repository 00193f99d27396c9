/** The ways a conversation can be transferred, as lists to choose from. */
import { useMemo } from 'react';
import { useText, type Text } from '../../../i18n';
import { useWorkplace, type Conversation, type Routing, type TransferTargets, type Workplace } from '../../../sync';

export interface Target {
  id: string;
  name: string;
  /** Free slots, who waits, the state of an operator. */
  about: string;
  /** Why it can't be chosen now. */
  reason?: string;
  to: { operatorId?: string; routing?: Partial<Routing> };
}

export interface Way {
  id: string;
  name: string;
  targets: Target[];
}

export function useWays(conversation: Conversation, targets: TransferTargets): Way[] {
  const text = useText();
  const workplace = useWorkplace();
  return useMemo(() => waysOf(conversation, targets, workplace, text), [conversation, targets, workplace, text]);
}

/** Lines of other centers are other support channels. */
export function waysOf(c: Conversation, targets: TransferTargets, workplace: Workplace, text: Text): Way[] {
  const { t } = text;
  const centerOf = new Map(workplace.lines.map((l) => [l.lineId, l.centerId]));
  const isOurs = (lineId: string) => !c.centerId || !centerOf.get(lineId) || centerOf.get(lineId) === c.centerId;
  const centers = new Map(workplace.centers.map((x) => [x.centerId, x.name]));
  const line = (l: TransferTargets['lines'][number], name: string): Target => ({
    id: l.lineId,
    name,
    about: [t('work.transfer.free', { count: l.free }), l.waiting > 0 ? t('work.transfer.waiting', { count: l.waiting }) : ''].filter(Boolean).join(', '),
    to: { routing: { lineId: l.lineId } },
  });
  const kept = { lineId: c.routing.lineId, skills: c.routing.skills, language: c.routing.language };

  return [
    { id: 'line', name: t('work.transfer.line'), targets: targets.lines.filter((l) => isOurs(l.lineId)).map((l) => line(l, l.name)) },
    { id: 'operator', name: t('work.transfer.operator'), targets: targets.operators.filter((o) => o.userId !== c.operatorId).map((o) => operator(o, text)) },
    { id: 'language', name: t('work.transfer.language'), targets: targets.languages.map((l) => ({ id: l.languageId, name: l.name, about: '', to: { routing: { ...kept, language: l.languageId } } })) },
    { id: 'skill', name: t('work.transfer.skill'), targets: targets.skills.map((s) => ({ id: s.skillId, name: s.name, about: '', to: { routing: { ...kept, skills: [s.skillId] } } })) },
    { id: 'channel', name: t('work.transfer.channel'), targets: targets.lines.filter((l) => !isOurs(l.lineId)).map((l) => line(l, `${centers.get(centerOf.get(l.lineId) ?? '') ?? ''}: ${l.name}`)) },
  ].filter((way) => way.targets.length > 0);
}

function operator(o: TransferTargets['operators'][number], { t }: Text): Target {
  const online = o.presence.toUpperCase().endsWith('ONLINE');
  const about = online ? t('work.transfer.free', { count: o.free }) : t('work.transfer.absent');
  return { id: o.userId, name: o.name, about, reason: online ? undefined : t('work.transfer.absent'), to: { operatorId: o.userId } };
}
