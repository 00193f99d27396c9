/** What is entered about an agent: fields of a form into what is put, and back. */
import type { Agent, AgentFields, AgentKind, AgentSecrets, Away, ExternalSettings } from '../../../sync/agents';
import { isId } from '../../../kit/sheet/ids';
import type { T } from '../text';
import type { Wrong } from '../../../kit/sheet/useEditing';

/** The fields of all kinds; each kind shows its own. */
export interface Values {
  kind: AgentKind;
  id: string;
  name: string;
  article: string;
  away: Away;
  /** Per cent; empty is the usual 95. */
  precision: string;
  misses: string;
  suggest: boolean;
  unsure: string;
  url: string;
  /** Seconds; empty is the usual 10. */
  deadline: string;
  /** Minutes; empty is the usual 5. */
  patience: string;
  model: string;
  instruction: string;
  bearer: string;
  forget: boolean;
  /** A new signing secret is made when it is kept. */
  rotate: boolean;
}

const shown = (n: number | undefined, digits = 1) => (n ? String(Number(n.toFixed(digits))).replace('.', ',') : '');
const seconds = (told?: string) => (told ? Number.parseFloat(told) : undefined);

/** A number as people write it; NaN if it is none. */
export const numberOf = (text: string) => (/^\d+([.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : Number.NaN);

export function valuesOf(agent: Agent | undefined, id: string): Values {
  const { bot, external } = agent ?? {};
  return {
    kind: agent?.kind ?? 'greeting', id: agent?.agent_id ?? id, name: agent?.name ?? '', article: agent?.article_id ?? '', away: agent?.away || 'onward',
    precision: shown(bot?.precision && bot.precision * 100), misses: shown(bot?.misses), suggest: bot?.suggest ?? false, unsure: bot?.unsure_article_id ?? '',
    url: external?.url ?? '', deadline: shown(seconds(external?.deadline), 3), patience: shown(external?.patience ? seconds(external.patience)! / 60 : undefined, 2),
    model: external?.model ?? '', instruction: external?.instruction ?? '', bearer: '', forget: false, rotate: false,
  };
}

function botOf(v: Values) {
  const precision = v.precision.trim() ? { precision: Number((numberOf(v.precision) / 100).toFixed(4)) } : {};
  return { ...precision, misses: Number(v.misses || 0), suggest: v.suggest, unsure_article_id: v.unsure };
}

function externalOf(v: Values): ExternalSettings {
  const late = (name: 'deadline' | 'patience', text: string, unit: number) => (text.trim() ? { [name]: `${numberOf(text) * unit}s` } : {});
  const model = v.kind === 'model';
  return {
    url: v.url.trim(), ...late('deadline', v.deadline, 1), ...(model ? {} : late('patience', v.patience, 60)),
    model: model ? v.model.trim() : '', instruction: model ? v.instruction.trim() : '',
  };
}

/** What is secret: left out, it stays as it is. */
function secretsOf(v: Values, makeSecret: () => string): AgentSecrets | undefined {
  if (v.kind === 'external' && v.rotate) return { signing: [makeSecret()] };
  if (v.kind === 'model' && v.forget) return { bearer: null };
  return v.kind === 'model' && v.bearer.trim() ? { bearer: v.bearer.trim() } : undefined;
}

/** What is put: only what an agent of its kind has. */
export function agentOf(v: Values, disabled: boolean, makeSecret: () => string): AgentFields & { secrets?: AgentSecrets } {
  const asked = v.kind === 'external' || v.kind === 'model';
  const secrets = secretsOf(v, makeSecret);
  return {
    kind: v.kind, name: v.name.trim(), disabled,
    article_id: v.kind === 'greeting' || v.kind === 'hours' ? v.article : '',
    away: v.kind === 'hours' ? v.away : '',
    ...(v.kind === 'bot' ? { bot: botOf(v) } : {}), ...(asked ? { external: externalOf(v) } : {}), ...(secrets ? { secrets } : {}),
  };
}

/** Names that hand a conversation over, and are no agent's. */
const reserved = new Set(['silence', 'operator', 'operators', 'queue', 'routing', 'onward', 'back']);

function checkId({ id }: Values, taken: readonly string[], t: T): string | undefined {
  if (!isId(id)) return t('agents.wrong.id');
  if (reserved.has(id.toLowerCase())) return t('agents.wrong.reserved', { id });
  return taken.includes(id) ? t('agents.wrong.taken') : undefined;
}

function within(text: string, from: number, to: number, wrong: string): string | undefined {
  if (!text.trim()) return undefined;
  const n = numberOf(text);
  return n >= from && n <= to ? undefined : wrong;
}

/** What is wrong, by the field. `taken` are the identifiers that a new one can't have. */
export function check(v: Values, taken: readonly string[], t: T): Wrong {
  const wrong: Wrong = { id: checkId(v, taken, t) };
  if (v.kind === 'greeting' && !v.article) wrong.article = t('agents.wrong.article');
  if (v.kind === 'bot') {
    wrong.precision = within(v.precision, 50, 99.9, t('agents.wrong.precision'));
    wrong.misses = within(v.misses, 1, 20, t('agents.wrong.misses'));
    if (!wrong.misses && v.misses && !Number.isInteger(numberOf(v.misses))) wrong.misses = t('agents.wrong.misses');
  }
  if (v.kind === 'external' || v.kind === 'model') {
    if (!/^https?:\/\/[^\s@/?#]+([/?#]|$)/.test(v.url.trim())) wrong.url = t('agents.wrong.url');
    wrong.deadline = within(v.deadline, 0.001, 60, t('agents.wrong.deadline'));
  }
  if (v.kind === 'external') wrong.patience = within(v.patience, 0.001, 60, t('agents.wrong.patience'));
  if (v.kind === 'model' && !v.model.trim()) wrong.model = t('agents.wrong.model');
  return wrong;
}

const fields: Record<string, keyof Values> = {
  agent_id: 'id', name: 'name', article_id: 'article', 'bot.precision': 'precision', 'bot.misses': 'misses', 'bot.unsure_article_id': 'unsure',
  'external.url': 'url', 'external.deadline': 'deadline', 'external.patience': 'patience', 'external.model': 'model', 'external.instruction': 'instruction', secrets: 'bearer',
};

/** The field of the form that the server's name of one means. */
export const fieldOf = (named: string) => fields[named];

/** A secret as Standard Webhooks writes it. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
