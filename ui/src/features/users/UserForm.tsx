/** One user: login and identifier are required, the position presets the rest. */
import { Anchor, Button, Drawer, Group, PasswordInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { ConfirmDialog, Failure, Lines } from '../../kit';
import { following } from '../../kit/sheet/ids';
import { Sheet } from '../../kit/sheet/Sheet';
import { useEditing, type Wrong } from '../../kit/sheet/useEditing';
import { useSession } from '../../sync';
import { putUser, removeUser, useUser, viewAs, type Grants, type Organisation, type UserEntry, type UserFields } from '../../sync/users';
import { useEntryWords } from './entryText';
import { GrantFields } from './GrantFields';
import { Invitation } from './Invitation';
import { fullName } from './names';
import { OpenLink } from './OpenLink';
import { fresh, type Go, type Place } from './place';
import { ProofsPart } from './ProofsPart';
import { useWhy } from './sentences';
import { useWords } from './text';
import classes from './users.module.css';
import sheet from '../../kit/sheet/sheet.module.css';

interface Opening {
  id: string;
  place: Place;
  go: Go;
  organisation: Organisation;
}

export function OpenUser(props: Opening) {
  const { data, error, refetch } = useUser(props.id === fresh ? '' : props.id);
  const close = () => props.go({ open: '', view: false });
  if (props.id === fresh) return <UserForm {...props} close={close} />;
  if (data) return <UserForm key={data.revision} {...props} user={data} close={close} />;
  return <Drawer opened onClose={close} position="right" size={640} title={props.id}>{error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} />}</Drawer>;
}

interface Value extends UserFields {
  user_id: string;
  password: string;
}

const empty: Value = {
  user_id: '', login: '', first_name: '', last_name: '', position_id: '', capacity: 3, disabled: false, password: '',
  roles: ['login'], center_ids: [], line_ids: [], languages: [], skills: [],
};
const fields = ['user_id', 'login', 'first_name', 'last_name', 'position_id', 'capacity', 'password', 'roles', 'center_ids', 'line_ids', 'languages', 'skills'] as const;

function UserForm({ user, go, organisation, close }: Opening & { user?: UserEntry; close: () => void }) {
  const { t } = useWords();
  const session = useSession();
  const why = useWhy();
  const [inviting, invite] = useState(false);
  const form = useForm(user, () => go({ open: '' }), (id) => go({ open: id }, true));
  const { value, wrong, set } = form.editing;
  const name = user ? fullName(user) : t('users.new');
  const call = (login: string) => set(user ? { login } : { login, user_id: following(value.user_id, value.login, login) });
  const { t: entry } = useEntryWords();
  const remove = user && user.user_id !== session.user?.userId
    ? { title: t('users.delete.title', { name }), text: t('users.delete.text'), said: t('users.deleted', { name }), run: () => removeUser(user.user_id) }
    : undefined;
  return (
    <Sheet title={name} about={user && t('users.about', { id: user.user_id })} editing={{ ...form.editing, submit: form.submit }} close={close} size={640} remove={remove} reason={why} asking={form.held !== undefined || inviting}>
      {user && (
        <Group gap="xs">
          <Button variant="default" size="compact-md" disabled={form.editing.dirty} title={form.editing.dirty ? t('users.unsaved') : undefined} onClick={() => go({ view: true })}>{t('users.view')}</Button>
          <Invitation user={user} asking={invite} />
          {session.may('admin') && (
            <>
              <Anchor component={Link} size="sm" href={`/audit?by=${encodeURIComponent(user.user_id)}`}>{entry('entry.acts')}</Anchor>
              <Anchor component={Link} size="sm" href={`/audit?object=${encodeURIComponent(user.user_id)}`}>{entry('entry.acts.about')}</Anchor>
            </>
          )}
        </Group>
      )}
      {user && session.may('modify_users') && <OpenLink id={user.user_id} asking={invite} />}
      <div className={sheet.two}>
        <TextInput label={t('users.login')} required value={value.login} error={wrong.login} autoComplete="off" data-autofocus={!user || undefined} onChange={(e) => call(e.currentTarget.value)} />
        {user ? (
          <TextInput label={t('users.id')} value={user.user_id} readOnly description={t('users.id.fixed')} inputWrapperOrder={['label', 'input', 'description', 'error']} />
        ) : (
          <TextInput label={t('users.id')} required value={value.user_id} error={wrong.user_id} description={t('users.id.hint')} inputWrapperOrder={['label', 'input', 'description', 'error']} onChange={(e) => set({ user_id: e.currentTarget.value })} />
        )}
        <TextInput label={t('users.last')} value={value.last_name} error={wrong.last_name} onChange={(e) => set({ last_name: e.currentTarget.value })} />
        <TextInput label={t('users.first')} value={value.first_name} error={wrong.first_name} onChange={(e) => set({ first_name: e.currentTarget.value })} />
        <TextInput
          label={t('users.capacity')} description={t('users.capacity.hint')} inputWrapperOrder={['label', 'input', 'description', 'error']} inputMode="numeric" value={value.capacity || ''} error={wrong.capacity}
          onChange={(e) => set({ capacity: Number(e.currentTarget.value.replace(/\D/g, '').slice(0, 3)) })}
        />
        <PasswordInput
          label={t(user?.has_password ? 'users.password.new' : 'users.password')} value={value.password} error={wrong.password} autoComplete="new-password" description={t('users.password.hint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']} visibilityToggleButtonProps={{ 'aria-label': t('app.signin.show'), tabIndex: 0, 'aria-hidden': false }}
          onChange={(e) => set({ password: e.currentTarget.value })}
        />
      </div>
      <ByPosition value={value} wrong={wrong.position_id} organisation={organisation} set={set} />
      <GrantFields value={value} wrong={wrong} organisation={organisation} set={set} before={user} />
      {user && <Switch label={t('users.disabled')} description={t('users.disabled.hint')} checked={value.disabled} onChange={(e) => set({ disabled: e.currentTarget.checked })} />}
      {user && session.may('modify_users') && <ProofsPart id={user.user_id} asking={invite} />}
      <ConfirmDialog
        opened={form.held !== undefined} danger title={t('users.disable.title', { name })} confirm={t('users.disable')} busy={form.editing.busy}
        text={form.held ? t('users.disable.held', { count: form.held }) : t('users.disable.text')} onConfirm={() => void form.confirm()} onCancel={form.cancel}
      />
    </Sheet>
  );

  function useForm(base: UserEntry | undefined, done: () => void, made: (id: string) => void) {
    const [held, ask] = useState<number>();
    const editing = useEditing<Value, UserEntry>({
      begin: () => (base ? { ...empty, ...only(base), user_id: base.user_id } : empty),
      check: (v) => check(v),
      put: ({ user_id, password, ...wish }) => putUser(user_id.trim(), { ...wish, login: wish.login.trim(), ...(password && { password }) }, base?.revision),
      fieldOf: (named) => fields.find((f) => f === named), reason: why,
      said: t(base ? 'users.saved' : 'users.made'),
      done: (_, kept) => (base ? done() : made(kept.user_id)),
    });
    const check = (v: Value): Wrong => ({
      login: v.login.trim() ? undefined : t('users.login.need'),
      user_id: v.user_id.trim() ? undefined : t('users.id.need'),
    });
    // Who is switched off loses conversations: how many is told before.
    const submit = async () => {
      if (!base || base.disabled || !editing.value.disabled) return editing.submit();
      ask(await viewAs(base.user_id).then((v) => v.held, () => 0));
    };
    const confirm = async () => {
      await editing.submit();
      ask(undefined);
    };
    return { editing, held, submit, confirm, cancel: () => ask(undefined) };
  }
}

/** The fields of a user that a form changes. */
function only({ login, first_name, last_name, position_id, capacity, disabled, roles, center_ids, line_ids, languages, skills }: UserFields): UserFields {
  return { login, first_name, last_name, position_id, capacity, disabled, roles, center_ids, line_ids, languages, skills };
}

interface PositionProps {
  value: Value;
  wrong?: string;
  organisation: Organisation;
  set: (part: Partial<Grants> & { position_id?: string }) => void;
}

/** The position, and the two buttons that take over what it presets. */
function ByPosition({ value, wrong, organisation, set }: PositionProps) {
  const { t } = useWords();
  const position = organisation.positions.find((p) => p.position_id === value.position_id);
  const why = position ? undefined : t('users.position.need');
  return (
    <Stack gap="xs">
      <Select
        label={t('users.position')} placeholder={t('users.position.none')} clearable searchable value={value.position_id || null} error={wrong} clearButtonProps={{ 'aria-label': t('users.position.clear') }}
        data={organisation.positions.map((p) => ({ value: p.position_id, label: p.name || p.position_id }))} onChange={(id) => set({ position_id: id ?? '' })}
      />
      <Group gap="xs" className={classes.presets}>
        <Button variant="default" size="compact-sm" disabled={!position} title={why} onClick={() => position && set({ roles: position.roles })}>{t('users.byPosition.roles')}</Button>
        <Button
          variant="default" size="compact-sm" disabled={!position} title={why}
          onClick={() => position && set({ center_ids: position.center_ids, line_ids: position.line_ids, languages: position.languages, skills: position.skills })}
        >
          {t('users.byPosition.places')}
        </Button>
      </Group>
    </Stack>
  );
}
