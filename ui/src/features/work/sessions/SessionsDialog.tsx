/** «Сессии обработки»: through whose hands a conversation has gone, and why it went on. */
import { Modal } from '@mantine/core';
import { useText } from '../../../i18n';
import { useFocusBack } from '../../../kit';
import type { Conversation } from '../../../sync';
import { Sessions } from './Sessions';

export default function SessionsDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useText();
  useFocusBack();
  return (
    <Modal opened onClose={onClose} size="xl" title={t('work.sessions')} closeButtonProps={{ 'aria-label': t('kit.close') }}>
      <Sessions conversation={conversation} />
    </Modal>
  );
}
