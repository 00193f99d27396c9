/** The card of a customer who is not in the open conversation. */
import { Button, Group, Modal } from '@mantine/core';
import { useText } from '../../i18n';
import { Avatar, useFocusBack } from '../../kit';
import { MessageIcon } from '../../kit/icons';
import { faceURL, useCustomer } from '../../sync';
import { CustomerForm } from './CustomerForm';

interface Props {
  customerId: string;
  onClose: () => void;
  onStart: () => void;
}

export function CustomerDialog({ customerId, onClose, onStart }: Props) {
  const { t } = useText();
  const { data } = useCustomer(customerId);
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      size={720}
      title={<Group gap={10}>{data && <Avatar name={data.name} id={customerId} src={faceURL(data)} />}{data?.name || t(data ? 'card.unnamed' : 'card.title')}</Group>}
      closeButtonProps={{ 'aria-label': t('kit.close') }}
      styles={{ body: { padding: 0 } }}
    >
      {data && data.addresses.length > 0 && (
        <Button mx={20} variant="light" leftSection={<MessageIcon size={18} aria-hidden />} onClick={onStart}>
          {t('card.start')}
        </Button>
      )}
      <CustomerForm customerId={customerId} />
    </Modal>
  );
}
