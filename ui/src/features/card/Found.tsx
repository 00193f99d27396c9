/** One customer that was found: name, phone or mail, channels. */
import { Badge, Group, Text, UnstyledButton } from '@mantine/core';
import { useText } from '../../i18n';
import { Avatar, ChannelIcon } from '../../kit';
import { faceURL, type FoundCustomer } from '../../sync';
import classes from './card.module.css';
import { shownPhone } from './check';

interface Props {
  customer: FoundCustomer;
  label?: string;
  onPress: () => void;
}

export function Found({ customer, label, onPress }: Props) {
  const { t } = useText();
  const name = customer.name || t('card.unnamed');
  const details = [shownPhone(customer.fields.phone ?? ''), customer.fields.email].filter(Boolean);
  return (
    <UnstyledButton className={classes.press} onClick={onPress} data-roving>
      {label && <span className="visually-hidden">{label} </span>}
      <Avatar name={name} id={customer.customerId} size={32} src={faceURL(customer)} />
      <div className={classes.grow}>
        <Text size="sm" fw={600}>{name}</Text>
        {details.map((detail) => <Text key={detail} size="xs" c="dimmed">{detail}</Text>)}
        <Group gap={6} mt={2}>
          {[...new Set(customer.kinds)].map((kind) => <ChannelIcon key={kind} kind={kind} size={14} />)}
          {customer.openConversation && <Badge size="xs" variant="light" tt="none">{t('card.search.talking')}</Badge>}
        </Group>
      </div>
    </UnstyledButton>
  );
}
