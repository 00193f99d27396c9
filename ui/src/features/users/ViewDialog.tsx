/** «Смотреть как этот пользователь»: what the person may do and see, as the server judges it. Nobody signs in by it. */
import { Alert, Modal, Stack } from '@mantine/core';
import { Failure, Lines } from '../../kit';
import { CheckIcon, CloseIcon } from '../../kit/icons';
import { useUser, useUserView, type Organisation, type UserView } from '../../sync/users';
import { fullName, namesOf } from './names';
import { useWords, type T } from './text';
import type { Sections } from './UsersPage';
import classes from './users.module.css';

interface Props {
  id: string;
  organisation: Organisation;
  sections: Sections;
  close: () => void;
}

export function ViewDialog({ id, organisation, sections, close }: Props) {
  const { t } = useWords();
  const user = useUser(id).data;
  const { data, error, refetch } = useUserView(id);
  return (
    <Modal opened onClose={close} title={t('users.view.title', { name: user ? fullName(user) : id })} size="xl">
      {data && user ? <Seen view={data} disabled={user.disabled} organisation={organisation} sections={sections} /> : error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={8} />}
    </Modal>
  );
}

function Seen({ view, disabled, organisation, sections }: { view: UserView; disabled: boolean; organisation: Organisation; sections: Sections }) {
  const { t } = useWords();
  const menu = disabled ? [] : sections((role) => view.roles.includes(role));
  const total = view.open.waiting + view.open.served + view.open.automatic;
  const sorted = [...view.acts].sort((a, b) => Number(b.allowed) - Number(a.allowed));
  return (
    <Stack gap="md">
      {!view.signs_in && <Alert variant="light" color="yellow" role="note">{t(disabled ? 'users.view.disabled' : 'users.view.shut')}</Alert>}
      <section className={classes.group} aria-label={t('users.view.menu')}>
        <h3>{t('users.view.menu')}</h3>
        {menu.length > 0 ? <ul className={classes.chips}>{menu.map((name) => <li key={name}>{name}</li>)}</ul> : <p className={classes.text}>{t('users.view.menu.none')}</p>}
      </section>
      <section className={classes.group} aria-label={t('users.view.scope')}>
        <h3>{t('users.view.scope')}</h3>
        {scopeText(t, view, organisation).map((line) => <p key={line} className={classes.text}>{line}</p>)}
        <p className={classes.text}>
          {t('users.view.open', { count: total })}
          {total > 0 && ` ${t('users.view.open.parts', { waiting: view.open.waiting, served: view.open.served, automatic: view.open.automatic })}`}
          {view.held > 0 && ` ${t('users.view.held', { count: view.held })}`}
        </p>
      </section>
      <section className={classes.group} aria-label={t('users.view.acts')}>
        <h3>{t('users.view.acts')}</h3>
        <ul className={classes.acts}>
          {sorted.map(({ name, allowed }) => {
            const label = t(`users.act.${name}` as 'users.act.monitor');
            return (
              <li key={name} data-no={!allowed || undefined}>
                {allowed ? <CheckIcon size={16} role="img" aria-label={t('users.view.may')} /> : <CloseIcon size={16} role="img" aria-label={t('users.view.mayNot')} />}
                {label}
              </li>
            );
          })}
        </ul>
      </section>
    </Stack>
  );
}

/** Whose conversations are the user's business, in words. */
export function scopeText(t: T, { scope }: Pick<UserView, 'scope'>, organisation: Organisation): string[] {
  if (scope.nowhere) return [t('users.scope.nowhere')];
  if (scope.everywhere) return [t('users.scope.everywhere')];
  const said: string[] = [];
  for (const list of ['center_ids', 'line_ids', 'languages', 'skills'] as const) {
    said.push(scope[list].length > 0 ? t(`users.scope.${list}`, { names: namesOf(organisation, list, scope[list]).join(', ') }) : t(`users.scope.${list}.all`));
  }
  said.push(t(scope.serves ? 'users.scope.serves' : 'users.scope.watches'));
  return said;
}
