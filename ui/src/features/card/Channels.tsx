/** «Каналы клиента»: where the customer can be written to. */
import { ActionIcon, Badge, Button, Text, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useText, type Key } from '../../i18n';
import { ChannelIcon, complain, ConfirmDialog, say, useFocusBack, useReason } from '../../kit';
import { AddIcon, DeleteIcon, EditIcon } from '../../kit/icons';
import { removeAddress, useWorkplace, type Customer, type CustomerAddress } from '../../sync';
import classes from './card.module.css';
import { ChannelEditor } from './ChannelEditor';
import { useAddressName } from './names';
import { Part } from './Part';

interface Props {
  customer: Customer;
  change: boolean;
  /** Another customer has what was typed: find them by it. */
  onMerge: (query: string) => void;
}

/** Which address is being edited; 'new' for one more. */
type Editing = '' | 'new' | string;

export function Channels({ customer, change, onMerge }: Props) {
  const { t } = useText();
  const [editing, edit] = useState<Editing>('');
  const [removing, remove] = useState<CustomerAddress | null>(null);
  const addable = useWorkplace().accounts.some((account) => account.byIdentifier);
  const done = () => edit('');
  const add = change && addable && editing !== 'new' && (
    <Button size="compact-sm" variant="subtle" leftSection={<AddIcon size={16} aria-hidden />} onClick={() => edit('new')}>
      {t('card.channel.add')}
    </Button>
  );
  return (
    <Part title={t('card.channels')} action={add}>
      {customer.addresses.length === 0 && (
        <Text size="sm" c="dimmed">{t(change ? 'card.channels.none' : 'card.channels.none.read')}</Text>
      )}
      <ul className={classes.list}>
        {customer.addresses.map((address) => (
          <li key={address.addressId}>
            {editing === address.addressId ? (
              <ChannelEditor customer={customer} address={address} onDone={done} onMerge={onMerge} />
            ) : (
              <Row address={address} change={change} onEdit={() => edit(address.addressId)} onRemove={() => remove(address)} />
            )}
          </li>
        ))}
      </ul>
      {editing === 'new' && <ChannelEditor customer={customer} onDone={done} onMerge={onMerge} />}
      {removing && <Removing customer={customer} address={removing} onClose={() => remove(null)} />}
    </Part>
  );
}

const verified: Record<string, Key> = {
  channel: 'card.verified.channel',
  link: 'card.verified.link',
  signed: 'card.verified.signed',
  operator: 'card.verified.operator',
};

interface RowProps {
  address: CustomerAddress;
  change: boolean;
  onEdit: () => void;
  onRemove: () => void;
}

function Row({ address, change, onEdit, onRemove }: RowProps) {
  const { t } = useText();
  const { accounts } = useWorkplace();
  const { title, detail } = useAddressName()(address);
  const editable = accounts.some((account) => account.accountId === address.accountId && account.byIdentifier);
  return (
    <div className={classes.row}>
      <ChannelIcon kind={address.kind} size={20} plain />
      <div className={classes.grow}>
        <Text size="sm">{title}</Text>
        <Text size="xs" c="dimmed">{`${detail} · ${t(verified[address.verified] ?? 'card.verified.claim')}`}</Text>
      </div>
      {address.unreachable && (
        <Tooltip label={t('card.channel.unreachable.why')}>
          <Badge color="red" variant="light" tt="none">{t('card.channel.unreachable')}</Badge>
        </Tooltip>
      )}
      {change && editable && <Act label={t('card.channel.edit', { address: title })} icon={<EditIcon size={18} />} onClick={onEdit} />}
      {change && <Act label={t('card.channel.remove', { address: title })} icon={<DeleteIcon size={18} />} onClick={onRemove} />}
    </div>
  );
}

function Act({ label, icon, onClick }: { label: string; icon: React.ReactNode; onClick: () => void }) {
  return (
    <Tooltip label={label} openDelay={400} multiline maw={280}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

function Removing({ customer, address, onClose }: { customer: Customer; address: CustomerAddress; onClose: () => void }) {
  const { t } = useText();
  const reason = useReason();
  const { title } = useAddressName()(address);
  const [busy, setBusy] = useState(false);
  useFocusBack();
  const remove = async () => {
    setBusy(true);
    try {
      await removeAddress(customer.customerId, address.addressId);
      say(t('card.channel.removed'));
      onClose();
    } catch (problem) {
      complain(reason(problem));
      setBusy(false);
    }
  };
  return (
    <ConfirmDialog
      opened
      danger
      busy={busy}
      title={t('card.channel.remove.title')}
      text={t('card.channel.remove.text', { address: title })}
      confirm={t('card.channel.remove.do')}
      onConfirm={remove}
      onCancel={onClose}
    />
  );
}
