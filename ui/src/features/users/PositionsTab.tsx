/** «Должности»: presets of roles and of where somebody works. */
import { Button, Table, TextInput } from '@mantine/core';
import { Link } from 'wouter';
import { Empty } from '../../kit';
import { AddIcon } from '../../kit/icons';
import { following } from '../../kit/sheet/ids';
import { Sheet } from '../../kit/sheet/Sheet';
import { useEditing } from '../../kit/sheet/useEditing';
import { useSession } from '../../sync';
import { putPosition, removePosition, type Grants, type Organisation, type Position } from '../../sync/users';
import { GrantFields } from './GrantFields';
import { namesOf } from './names';
import { addressOf, fresh, type Go, type Place } from './place';
import { useWhy } from './sentences';
import { useWords } from './text';
import classes from './users.module.css';
import sheet from '../../kit/sheet/sheet.module.css';

interface Props {
  place: Place;
  go: Go;
  organisation: Organisation;
}

export function PositionsTab({ place, go, organisation }: Props) {
  const { t } = useWords();
  const { may } = useSession();
  const change = may('modify_users') || may('modify_configuration');
  const position = organisation.positions.find((p) => p.position_id === place.open);
  return (
    <>
      <div className={sheet.head}>
        <p className={sheet.lead}>{t('users.positions.lead')}</p>
        {change && <Button component={Link} href={addressOf({ ...place, open: fresh })} leftSection={<AddIcon size={16} aria-hidden />} flex="none">{t('users.positions.add')}</Button>}
      </div>
      {organisation.positions.length === 0 ? <Empty title={t('users.positions.none')} text={t('users.positions.none.text')} /> : <Positions place={place} organisation={organisation} change={change} />}
      {change && (position || place.open === fresh) && <PositionForm key={`${place.open} ${position?.revision}`} position={position} organisation={organisation} close={() => go({ open: '' })} />}
    </>
  );
}

function Positions({ place, organisation, change }: { place: Place; organisation: Organisation; change: boolean }) {
  const { t } = useWords();
  const places = (p: Position) => (['center_ids', 'line_ids', 'languages', 'skills'] as const).flatMap((list) => namesOf(organisation, list, p[list])).join(', ');
  return (
    <Table.ScrollContainer minWidth={700}>
      <Table className={classes.table} aria-label={t('users.tab.positions')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="28%">{t('users.positions.name')}</Table.Th>
            <Table.Th w="20%">{t('users.roles')}</Table.Th>
            <Table.Th>{t('users.positions.places')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {organisation.positions.map((p) => (
            <Table.Tr key={p.position_id}>
              <Table.Td>{change ? <Link href={addressOf({ ...place, open: p.position_id })} className={classes.rowLink}>{p.name || p.position_id}</Link> : p.name || p.position_id}</Table.Td>
              <Table.Td>{t('users.roles.count', { count: p.roles.length })}</Table.Td>
              <Table.Td>{places(p) || '—'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface Value extends Grants {
  position_id: string;
  name: string;
}

const empty: Value = { position_id: '', name: '', roles: ['login'], center_ids: [], line_ids: [], languages: [], skills: [] };
const fields = ['position_id', 'name', 'roles', 'center_ids', 'line_ids', 'languages', 'skills'] as const;

function PositionForm({ position, organisation, close }: { position?: Position; organisation: Organisation; close: () => void }) {
  const { t } = useWords();
  const why = useWhy();
  const editing = useEditing<Value, Position>({
    begin: () => (position ? only(position) : empty),
    check: (v) => ({ name: v.name.trim() ? undefined : t('users.positions.name.need'), position_id: v.position_id.trim() ? undefined : t('users.id.need') }),
    put: ({ position_id, ...wish }) => putPosition(position_id.trim(), { ...wish, name: wish.name.trim() }, position?.revision),
    fieldOf: (named) => fields.find((f) => f === named), reason: why,
    said: t('users.positions.saved'),
    done: close,
  });
  const { value, wrong, set } = editing;
  const taken = organisation.positions.map((p) => p.position_id);
  const call = (called: string) => set(position ? { name: called } : { name: called, position_id: following(value.position_id, value.name, called, taken) });
  const name = position ? position.name || position.position_id : t('users.positions.new');
  const remove = position && { title: t('users.positions.delete.title', { name }), text: t('users.positions.delete.text'), said: t('users.deleted', { name }), run: () => removePosition(position.position_id) };
  return (
    <Sheet title={name} editing={editing} close={close} size={640} remove={remove} reason={why}>
      <div className={sheet.two}>
        <TextInput label={t('users.positions.name')} required value={value.name} error={wrong.name} data-autofocus onChange={(e) => call(e.currentTarget.value)} />
        {position ? (
          <TextInput label={t('users.positions.id')} value={position.position_id} readOnly />
        ) : (
          <TextInput label={t('users.positions.id')} required value={value.position_id} error={wrong.position_id} description={t('users.id.hint')} inputWrapperOrder={['label', 'input', 'description', 'error']} onChange={(e) => set({ position_id: e.currentTarget.value })} />
        )}
      </div>
      <GrantFields value={value} wrong={wrong} organisation={organisation} set={set} before={position} />
    </Sheet>
  );
}

function only({ position_id, name, roles, center_ids, line_ids, languages, skills }: Value): Value {
  return { position_id, name, roles, center_ids, line_ids, languages, skills };
}
