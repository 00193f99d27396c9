/** The folding panels of ticks: roles with what they open, and where somebody works. What is not one's own to give is off. */
import { Button, Checkbox } from '@mantine/core';
import { useId } from 'react';
import { ChevronRightIcon } from '../../kit/icons';
import { useSession, type User } from '../../sync';
import { grantLists, operatorRoles, type Choice, type GrantList, type Grants, type Organisation } from '../../sync/users';
import { roles } from '../../sync/roles';
import { namesOf } from './names';
import { useWords } from './text';
import classes from './users.module.css';

interface Props {
  value: Grants;
  wrong: Record<string, string | undefined>;
  organisation: Organisation;
  set: (part: Partial<Grants>) => void;
  /** What was there before stays possible to give. */
  before?: Grants;
}

/** Whether somebody may give it: the server asks the same of whoever gives. */
function mayGive(user: User | null, list: GrantList, id: string): boolean {
  if (!user) return false;
  if (list === 'roles') return user.roles.includes(id);
  const everywhere = user.roles.includes('admin') && user.centerIds.length + user.lineIds.length === 0;
  if (everywhere) return true;
  if (user.centerIds.length + user.lineIds.length === 0) return false;
  const own = { center_ids: user.centerIds, line_ids: user.lineIds, languages: user.languages, skills: user.skills }[list];
  return own.length === 0 || own.includes(id);
}

export function GrantFields({ value, wrong, organisation, set, before }: Props) {
  const { t } = useWords();
  const { user } = useSession();
  return (
    <>
      {grantLists.map((list) => {
        const choices: Choice[] = list === 'roles' ? roles.map((role) => ({ value: role, label: t(`users.role.${role}`) })) : organisation[list];
        const able = (id: string) => mayGive(user, list, id) || !!before?.[list].includes(id);
        const summary = list === 'roles' ? t('users.roles.count', { count: value.roles.length }) : namesOf(organisation, list, value[list]).join(', ') || t(`users.${list}.none`);
        return <Fold key={list} list={list} choices={choices} chosen={value[list]} wrong={wrong[list]} summary={summary} able={able} set={(ids) => set({ [list]: ids })} />;
      })}
    </>
  );
}

interface FoldProps {
  list: GrantList;
  choices: readonly Choice[];
  chosen: readonly string[];
  wrong?: string;
  summary: string;
  able: (id: string) => boolean;
  set: (ids: string[]) => void;
}

function Fold({ list, choices, chosen, wrong, summary, able, set }: FoldProps) {
  const { t } = useWords();
  const id = useId();
  const tick = (one: string, on: boolean) => set(choices.map((c) => c.value).filter((c) => (c === one ? on : chosen.includes(c))));
  return (
    <details className={classes.fold} open={wrong ? true : undefined}>
      <summary>
        <ChevronRightIcon size={16} aria-hidden />
        <span className={classes.foldTitle} id={`${id}-title`}>{t(`users.${list}`)}</span>
        <span className={classes.summary}>{summary}</span>
      </summary>
      <fieldset className={classes.ticks} data-wide={list === 'roles' || undefined} aria-labelledby={`${id}-title`} aria-describedby={wrong ? `${id}-wrong` : undefined}>
        {list === 'roles' && <Usual chosen={chosen} able={able} tick={(ids) => set(choices.map((c) => c.value).filter((c) => chosen.includes(c) || ids.includes(c)))} />}
        {choices.length === 0 && <span className={classes.dim}>{t('users.nothing')}</span>}
        {choices.map(({ value, label }) => {
          const on = chosen.includes(value);
          const may = able(value);
          return (
            <Checkbox
              key={value} checked={on} disabled={!may} aria-invalid={wrong ? true : undefined} onChange={(e) => tick(value, e.currentTarget.checked)}
              label={list === 'roles' ? <>{label} <span className={classes.wire}>{value}</span></> : label}
              description={may ? undefined : t('users.notYours')}
            />
          );
        })}
      </fieldset>
      {wrong && <p className={classes.wrong} id={`${id}-wrong`} role="alert">{wrong}</p>}
    </details>
  );
}

/** Most users are operators: what those may do is ticked at once. */
function Usual({ chosen, able, tick }: { chosen: readonly string[]; able: (role: string) => boolean; tick: (roles: string[]) => void }) {
  const { t } = useWords();
  const missing = operatorRoles.filter((role) => able(role) && !chosen.includes(role));
  return (
    <div>
      <Button variant="default" size="compact-sm" disabled={missing.length === 0} onClick={() => tick(missing)}>{t('users.roles.operator')}</Button>
    </div>
  );
}
