/** What signs the posts of alerts: shown when somebody wants to see it, and made anew when somebody else has. */
import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { complain, ConfirmDialog, say, useReason } from '../../kit';
import { alertSecret, changeSettings, type SettingsForm } from '../../sync/settings';
import { useWords } from './text';
import classes from './settings.module.css';

export function Secret({ form }: { form: SettingsForm }) {
  const { t } = useWords();
  const reason = useReason();
  const [secret, show] = useState('');
  const [asked, ask] = useState(false);
  const turn = form.settings.find((s) => s.id === 'alerts.turn');
  if (!form.settings.find((s) => s.id === 'alerts.webhook')?.value) return null;
  const renew = () => {
    ask(false);
    show('');
    changeSettings(form.center_id, form.revision, { 'alerts.turn': Number(turn?.value ?? 0) + 1 }, []).then(() => say(t('settings.secret.turned')), (thrown: unknown) => complain(reason(thrown)));
  };
  return (
    <div className={classes.stacked}>
      {secret && <TextInput label={t('settings.secret')} value={secret} readOnly onFocus={(e) => e.currentTarget.select()} />}
      <Group gap="xs">
        {!secret && <Button variant="default" size="xs" onClick={() => void alertSecret(form.center_id).then(show, (thrown: unknown) => complain(reason(thrown)))}>{t('settings.secret.show')}</Button>}
        <Button variant="default" size="xs" onClick={() => ask(true)}>{t('settings.secret.turn')}</Button>
      </Group>
      <ConfirmDialog opened={asked} danger title={t('settings.secret.turn.title')} text={t('settings.secret.turn.text')} confirm={t('settings.secret.turn.do')} onCancel={() => ask(false)} onConfirm={renew} />
    </div>
  );
}
