/** What customers answered, counted. */
import type { SurveyResult } from '../../../sync/surveys';

export interface Question {
  key: string;
  name: string;
  /** How many answered. */
  count: number;
  /** The most frequent first; the last one may stand for all others. */
  answers: { said: string; count: number; others?: boolean }[];
}

/** So many answers of a question are told apart. */
const apart = 8;

/** Counts the answers by question: of several surveys, each question of each article. */
export function summary(results: readonly SurveyResult[]): Question[] {
  const questions = new Map<string, { name: string; said: Map<string, number> }>();
  for (const r of results) {
    for (const a of r.answers) {
      const key = `${r.article_id} ${a.slot}`;
      const q = questions.get(key) ?? { name: a.name || a.slot, said: new Map<string, number>() };
      questions.set(key, q);
      const said = a.caption || a.value;
      if (said) q.said.set(said, (q.said.get(said) ?? 0) + 1);
    }
  }
  return [...questions].map(([key, { name, said }]) => {
    const all = [...said].map(([text, count]) => ({ said: text, count })).sort((a, b) => b.count - a.count || a.said.localeCompare(b.said));
    const rest = all.slice(apart);
    const answers = rest.length > 1 ? [...all.slice(0, apart), { said: '', count: sum(rest), others: true }] : all;
    return { key, name, count: sum(all), answers };
  });
}

const sum = (all: readonly { count: number }[]) => all.reduce((n, one) => n + one.count, 0);
