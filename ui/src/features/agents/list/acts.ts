/** What an agent wants, as people read it. */
import type { AgentAction } from '../../../sync/agents';
import type { T } from '../text';

export function actWords(a: AgentAction, t: T): string {
  if (a.reply) return t('agents.act.reply', { text: spoken(a.reply) });
  if (a.ask) return a.ask.slot ? t('agents.act.slot', { text: a.ask.slot }) : t('agents.act.ask', { text: spoken(a.ask) });
  if (a.set_routing) return t('agents.act.routing', { text: routing(a.set_routing) });
  if (a.set_slots) return t('agents.act.slots', { text: Object.entries(a.set_slots).map(([name, value]) => `${name} = ${value}`).join(', ') });
  if (a.set_topic) return t('agents.act.topic', { text: a.set_topic.topic_id });
  if (a.present) return t('agents.act.present', { text: a.present.article });
  if (a.hand_over) return handOver(a.hand_over.to ?? '', t);
  if (a.fail) return t('agents.act.fail', { text: a.fail.reason });
  return t('agents.act.close');
}

function spoken({ text, buttons, attachments }: { text?: string; buttons?: { caption: string }[]; attachments?: string[] }): string {
  return [text, ...(attachments ?? []), ...(buttons ?? []).map((b) => `[${b.caption}]`)].filter(Boolean).join(' ');
}

function routing({ line_id, language, skills, priority }: NonNullable<AgentAction['set_routing']>): string {
  return [line_id, language, ...(skills ?? []), priority].filter((each) => each !== undefined && each !== '').join(', ');
}

function handOver(to: string, t: T): string {
  if (to === '' || to === 'operator' || to === 'queue') return t('agents.act.operator');
  return to === 'back' || to === 'onward' ? t(`agents.act.${to}`) : t('agents.act.agent', { text: to });
}
