/** Two cards side by side. What will be lost in a merge is crossed out. */
import { Text } from '@mantine/core';
import { useText } from '../../i18n';
import { useWorkplace, type Customer } from '../../sync';
import classes from './card.module.css';
import { otherFields } from './Facts';
import { useLabel } from './Field';
import { useAddressName } from './names';

/** The fields of both, the configured ones first. */
function useRows(one: Customer, other: Customer): { name: string; label: string }[] {
  const { fields } = useWorkplace().settings;
  const rest = [...otherFields(one, fields), ...otherFields(other, fields)];
  const rows = [...fields, ...rest].filter(({ name }) => one.fields[name] || other.fields[name]);
  return [...new Map(rows.map(({ name, label }) => [name, { name, label }])).values()];
}

export function Compare({ one, other }: { one: Customer; other: Customer }) {
  const { t } = useText();
  const label = useLabel();
  const rows = useRows(one, other);
  return (
    <table className={classes.compare} aria-label={t('card.merge.compare')}>
      <thead>
        <tr>
          <th scope="col">{t('card.merge.field')}</th>
          <th scope="col">{t('card.merge.this')}</th>
          <th scope="col">{t('card.merge.other')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, label: given }) => (
          <tr key={name}>
            <th scope="row">{label(name, given)}</th>
            <td>{one.fields[name]}</td>
            <Other value={other.fields[name]} kept={one.fields[name]} />
          </tr>
        ))}
        <tr>
          <th scope="row">{t('card.merge.type')}</th>
          <td>{t(one.test ? 'card.type.test' : 'card.type.usual')}</td>
          <td>{t(other.test ? 'card.type.test' : 'card.type.usual')}</td>
        </tr>
        <tr>
          <th scope="row">{t('card.channels')}</th>
          <td><Addresses customer={one} /></td>
          <td><Addresses customer={other} /></td>
        </tr>
        <tr>
          <th scope="row">{t('card.merge.conversations')}</th>
          <td>{one.conversations.length}</td>
          <td>{other.conversations.length}</td>
        </tr>
      </tbody>
    </table>
  );
}

/** A value of the other card goes only where this one has none. */
function Other({ value, kept }: { value: string | undefined; kept: string | undefined }) {
  return <td data-lost={(value && kept && value !== kept) || undefined}>{value}</td>;
}

function Addresses({ customer }: { customer: Customer }) {
  const name = useAddressName();
  return customer.addresses.map((address) => {
    const { title, detail } = name(address);
    return <Text key={address.addressId} size="sm">{`${title} (${detail})`}</Text>;
  });
}
