/** No dialogs: what to do about it. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../../../i18n';
import { complain, Empty, useReason } from '../../../kit';
import { InboxIcon, OfflineIcon } from '../../../kit/icons';
import { desk, useDesk } from '../../../sync';

export function Nobody() {
  const { t } = useText();
  const presence = useDesk()?.presence ?? 'OFFLINE';
  if (presence === 'ONLINE') {
    return <Empty icon={<InboxIcon size={32} aria-hidden />} title={t('work.empty.title')} text={t('work.empty.text')} />;
  }
  if (presence === 'INVISIBLE') {
    return <Empty icon={<OfflineIcon size={32} aria-hidden />} title={t('work.invisible.title')} text={t('work.invisible.text')} />;
  }
  return (
    <Empty icon={<OfflineIcon size={32} aria-hidden />} title={t('work.offline.title')} text={t('work.offline.text')}>
      <GoOnline />
    </Empty>
  );
}

function GoOnline() {
  const { t } = useText();
  const reason = useReason();
  const [busy, setBusy] = useState(false);
  const go = () => {
    setBusy(true);
    desk
      .setPresence('ONLINE')
      .catch((problem: unknown) => complain(reason(problem)))
      .finally(() => setBusy(false));
  };
  return (
    <Button mt="xs" loading={busy} onClick={go}>
      {t('work.online')}
    </Button>
  );
}
