/** A link by which the user sets a password. It is shown once, above the form, which hears nothing of Escape meanwhile. */
import { ActionIcon, Alert, Button, CopyButton, Modal, Stack, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { complain } from '../../kit';
import { CheckIcon, CopyIcon } from '../../kit/icons';
import { invitedAnew } from '../../sync/proofs';
import { invitationURL, inviteUser, type NewInvitation, type UserEntry } from '../../sync/users';
import { fullName } from './names';
import { useWhy } from './sentences';
import { useWords } from './text';

export function Invitation({ user, asking }: { user: UserEntry; asking: (on: boolean) => void }) {
  const { t, dateTime } = useWords();
  const why = useWhy();
  const [made, setMade] = useState<NewInvitation>();
  const [busy, setBusy] = useState(false);
  const name = t(user.has_password ? 'users.invite.again' : 'users.invite');
  // While the link is made the button cannot have the focus: it is given back to it here.
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setMade(undefined);
    asking(false);
    button.current?.focus();
  };
  const make = async () => {
    setBusy(true);
    try {
      setMade(await inviteUser(user.user_id));
      asking(true);
      void invitedAnew(user.user_id);
    } catch (thrown) {
      complain(why(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button ref={button} variant="default" size="compact-md" loading={busy} disabled={user.disabled} title={user.disabled ? t('users.invite.disabled') : undefined} onClick={() => void make()}>{name}</Button>
      <Modal opened={!!made} onClose={close} returnFocus={false} title={`${name}: ${fullName(user)}`} size="lg">
        {made && (
          <Stack gap="md">
            <Alert variant="light" color="blue" role="note">{t(made.renewal ? 'users.invite.renewal' : 'users.invite.text', { until: dateTime(Date.parse(made.until)) })}</Alert>
            <Link url={invitationURL(made.token)} />
            <Button variant="default" style={{ alignSelf: 'flex-end' }} onClick={close}>{t('users.invite.done')}</Button>
          </Stack>
        )}
      </Modal>
    </>
  );
}

function Link({ url }: { url: string }) {
  const { t } = useWords();
  return (
    <TextInput
      label={t('users.invite.link')} value={url} readOnly data-autofocus onFocus={(e) => e.currentTarget.select()}
      rightSection={
        <CopyButton value={url}>
          {({ copied, copy }) => (
            <ActionIcon variant="subtle" color="gray" aria-label={t(copied ? 'users.copied' : 'users.copy')} onClick={copy}>
              {copied ? <CheckIcon size={16} aria-hidden /> : <CopyIcon size={16} aria-hidden />}
            </ActionIcon>
          )}
        </CopyButton>
      }
    />
  );
}
