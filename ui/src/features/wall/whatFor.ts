import type { Name, Names } from '../../sync/names';

/** «Поддержка · русский · рассрочка»: what somebody does, or what is asked for. */
export function whatFor(names: Names, { lines, languages, skills }: { lines: string[]; languages: string[]; skills: string[] }): string {
  const said = (name: Name, ids: string[]) => ids.map((id) => name(id)).join(', ');
  return [said(names.line, lines), said(names.language, languages), said(names.skill, skills)].filter(Boolean).join(' · ');
}
