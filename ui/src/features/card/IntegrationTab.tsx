/** A page of another program beside the conversation; it is told whose conversation it is. */
import { Anchor, Button, Group, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useText } from '../../i18n';
import { Empty, Failure, Lines } from '../../kit';
import { AlertIcon, ExternalIcon, RefreshIcon } from '../../kit/icons';
import classes from './card.module.css';
import { isSigned, sandboxOf, tabAddress } from '../../kit/tabAddress';
import { useTabContext } from '../../sync/tabContext';

/** After this long without an answer the operator is told so. */
const PATIENCE = 10_000;

interface Props {
  tab: { tabId: string; title: string; url: string };
  customerId: string;
  conversationId: string;
}

export function IntegrationTab(props: Props) {
  return isSigned(props.tab.url) ? <Signed {...props} /> : <Told {...props} />;
}

/** The page is told by what is good for a moment: each look has its own. */
function Signed(props: Props) {
  const { data, error, refetch } = useTabContext(props.conversationId, props.tab.tabId);
  if (data) return <Told {...props} context={data.context} again={() => void refetch()} />;
  return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={24} />;
}

function Told({ tab, customerId, conversationId, context, again }: Props & { context?: string; again?: () => void }) {
  const { t } = useText();
  const [tries, setTries] = useState(0);
  const address = tabAddress(tab.url, { customerId, conversationId, context });
  if (!address) {
    return <Empty icon={<AlertIcon size={32} aria-hidden />} title={t('card.tab.wrong')} text={t('card.tab.wrong.text')} />;
  }
  return <Frame key={`${address} ${tries}`} title={tab.title} address={address} onAgain={again ?? (() => setTries(tries + 1))} />;
}

function Frame({ title, address, onAgain }: { title: string; address: string; onAgain: () => void }) {
  const { t } = useText();
  const [loaded, setLoaded] = useState(false);
  const late = useLate(loaded);
  return (
    <div className={classes.past}>
      {!loaded && !late && <div aria-label={t('card.tab.loading', { title })}><Lines rows={6} height={24} /></div>}
      {late && (
        <Group gap="sm" px={16} py={12} role="alert">
          <Text size="sm">{t('card.tab.late')}</Text>
          <Button size="compact-sm" variant="default" leftSection={<RefreshIcon size={14} aria-hidden />} onClick={onAgain}>{t('card.tab.reload')}</Button>
          <Anchor size="sm" href={address} target="_blank" rel="noopener noreferrer">
            {t('card.tab.outside')} <ExternalIcon size={14} aria-hidden />
          </Anchor>
        </Group>
      )}
      <div className={classes.thread} style={loaded ? undefined : { visibility: 'hidden' }}>
        <iframe
          className={classes.frame}
          src={address}
          title={title}
          sandbox={sandboxOf(address, window.location.origin)}
          referrerPolicy="no-referrer"
          onLoad={() => setLoaded(true)}
        />
      </div>
    </div>
  );
}

function useLate(loaded: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (loaded) return setLate(false);
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [loaded]);
  return late;
}
