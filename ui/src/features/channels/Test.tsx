/** «Проверить подключение»: what the provider says of who we are. */
import { Alert, Anchor } from '@mantine/core';
import { useState } from 'react';
import { useReason } from '../../kit';
import { CheckIcon, ErrorIcon } from '../../kit/icons';
import { problemOf, testAccount, type Probed } from '../../sync';
import { useOurWords } from './sentences';
import { useWords } from './text';

export function useTest(id: string) {
  const reason = useReason();
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Probed | null>(null);
  const run = () => {
    setBusy(true);
    setTold(null);
    testAccount(id)
      .then(setTold, (e: unknown) => setTold({ ok: false, error: problemOf(e).detail || reason(e) }))
      .finally(() => setBusy(false));
  };
  return { busy, told, run, forget: () => setTold(null) };
}

/** What the title says already. */
const broken = /^the account does not work: /;

export function Told({ told }: { told: Probed }) {
  const { t } = useWords();
  const ours = useOurWords();
  if (!told.ok) {
    return (
      <Alert role="status" variant="light" color="red" icon={<ErrorIcon size={20} aria-hidden />} title={t('channels.test.failed')}>
        {ours((told.error ?? '').replace(broken, ''))}
      </Alert>
    );
  }
  const who = [told.name, told.handle].filter(Boolean).join(', ');
  return (
    <Alert role="status" variant="light" color="green" icon={<CheckIcon size={20} aria-hidden />}>
      {t('channels.test.ok', { who })}
      {told.url && /^https?:/.test(told.url) && (
        <>
          {' · '}
          <Anchor href={told.url} target="_blank" rel="noopener noreferrer" inherit>{told.url.replace(/^https?:\/\//, '')}</Anchor>
        </>
      )}
    </Alert>
  );
}
