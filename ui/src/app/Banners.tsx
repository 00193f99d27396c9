/** What the operator must know of the line and of this page. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../i18n';
import { OfflineIcon, RefreshIcon, SystemIcon } from '../kit/icons';
import { useConnection, useNewVersion, useNow } from '../sync';
import classes from './Banners.module.css';

/** A line that breaks for a moment is not told. */
const PATIENCE = 2000;

export function Banners() {
  const { state, since, takeOver } = useConnection();
  const fresh = useNewVersion();
  const { t } = useText();
  return (
    <div role="status">
      {state === 'lost' && <Lost since={since} />}
      {state === 'replaced' && (
        <Banner icon={<SystemIcon size={18} aria-hidden />} text={t('app.banner.replaced')} action={t('app.banner.here')} onAction={takeOver} />
      )}
      {fresh && (
        <Banner icon={<RefreshIcon size={18} aria-hidden />} tone="calm" text={t('app.banner.version')} action={t('app.reload')} onAction={() => location.reload()} />
      )}
    </div>
  );
}

function Lost({ since }: { since: number }) {
  const { t } = useText();
  const now = useNow();
  return now - since < PATIENCE ? null : <Banner icon={<OfflineIcon size={18} aria-hidden />} text={t('app.banner.lost')} />;
}

interface Props {
  icon: ReactNode;
  text: string;
  tone?: 'calm';
  action?: string;
  onAction?: () => void;
}

function Banner({ icon, text, tone, action, onAction }: Props) {
  return (
    <div className={classes.banner} data-tone={tone}>
      {icon}
      <span>{text}</span>
      {action && (
        <Button size="compact-sm" variant="default" onClick={onAction}>
          {action}
        </Button>
      )}
    </div>
  );
}
