/** The ticked users are changed together: first it is only looked at, and then all of them are changed or none. */
import { Button, Checkbox, Group, Modal, MultiSelect, Select, Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import { complain, Lines, say, useFocusBack } from '../../kit';
import { changeUsers, grantLists, type GrantList, type Grants, type ManyWish, type Organisation, type UsersChanged } from '../../sync/users';
import { roles } from '../../sync/roles';
import type { Chosen } from './ListTab';
import { Outcomes } from './Outcomes';
import { useWhy } from './sentences';
import { useWords } from './text';
import sheet from '../../kit/sheet/sheet.module.css';

interface Props {
  chosen: Chosen;
  /** They are switched off, and nothing else. */
  disable: boolean;
  organisation: Organisation;
  close: () => void;
  done: () => void;
}

/** A change without the users that it is for. */
type Change = Omit<ManyWish, 'users'>;

export function ManyDialog({ chosen, disable, organisation, close, done }: Props) {
  const { t } = useWords();
  const why = useWhy();
  useFocusBack();
  const [change, setChange] = useState<Change>(disable ? { disabled: true } : {});
  const [found, setFound] = useState<UsersChanged>();
  const [busy, setBusy] = useState(false);
  const users = [...chosen.values()].map(({ user_id, revision }) => ({ user_id, revision }));

  const run = async (dry: boolean) => {
    setBusy(true);
    try {
      const out = await changeUsers({ ...change, users }, dry);
      if (!out.done) return setFound(out);
      say(t('users.many.done', { count: out.changed }));
      done();
      close();
    } catch (thrown) {
      complain(why(thrown));
    } finally {
      setBusy(false);
    }
  };
  // Switching off has nothing to be filled in: it is looked at at once.
  useEffect(() => {
    if (disable) void run(true);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [disable]);

  const says = !!change.position_id || change.position_id === '' || !!change.by_position || change.disabled !== undefined || grantLists.some((l) => change.add?.[l]?.length || change.remove?.[l]?.length);
  return (
    <Modal opened onClose={close} title={t(disable ? 'users.many.disable.title' : 'users.many.title', { count: chosen.size })} size="xl">
      <Stack gap="md">
        {found ? <Outcomes found={found} organisation={organisation} /> : disable ? <Lines rows={4} /> : <Fields change={change} set={setChange} organisation={organisation} />}
        <Group justify="flex-end" gap="xs">
          {found && !disable && <Button variant="default" onClick={() => setFound(undefined)}>{t('users.many.back')}</Button>}
          <Button variant="default" onClick={close}>{t('kit.cancel')}</Button>
          {found || disable ? (
            <Button color={disable ? 'red' : undefined} loading={busy} disabled={!found || found.wrong > 0 || found.changed === 0} title={found && found.wrong > 0 ? t('users.many.wrong') : undefined} onClick={() => void run(false)}>
              {t(disable ? 'users.disable' : 'users.many.apply')}
            </Button>
          ) : (
            <Button loading={busy} disabled={!says} onClick={() => void run(true)}>{t('users.many.look')}</Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function Fields({ change, set, organisation }: { change: Change; set: (change: Change) => void; organisation: Organisation }) {
  const { t } = useWords();
  const data = (list: GrantList) => (list === 'roles' ? roles.map((r) => ({ value: r, label: t(`users.role.${r}`) })) : organisation[list]);
  const mix = (how: 'add' | 'remove', list: GrantList, ids: string[]) => set({ ...change, [how]: { ...change[how], [list]: ids } as Partial<Grants> });
  const preset = change.by_position ?? { roles: false, places: false };
  const by = (part: Partial<typeof preset>) => {
    const next = { ...preset, ...part };
    set({ ...change, by_position: next.roles || next.places ? next : undefined });
  };
  return (
    <Stack gap="md">
      <Select
        label={t('users.position')} placeholder={t('users.many.asIs')} clearable searchable value={change.position_id ?? null} clearButtonProps={{ 'aria-label': t('users.position.clear') }} data-autofocus
        data={organisation.positions.map((p) => ({ value: p.position_id, label: p.name || p.position_id }))} onChange={(id) => set({ ...change, position_id: id ?? undefined })}
      />
      <Checkbox label={t('users.byPosition.roles')} checked={preset.roles} onChange={(e) => by({ roles: e.currentTarget.checked })} />
      <Checkbox label={t('users.byPosition.places')} checked={preset.places} onChange={(e) => by({ places: e.currentTarget.checked })} />
      {grantLists.map((list) => (
        <div key={list} className={sheet.two}>
          {(['add', 'remove'] as const).map((how) => (
            <MultiSelect
              key={how} label={t(`users.many.${how}.${list}`)} data={data(list)} value={change[how]?.[list] ?? []} searchable clearable clearButtonProps={{ 'aria-label': t('users.many.clear') }}
              nothingFoundMessage={t('users.nothing')} onChange={(ids) => mix(how, list, ids)}
            />
          ))}
        </div>
      ))}
    </Stack>
  );
}
