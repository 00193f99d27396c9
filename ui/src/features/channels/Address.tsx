/** What is entered at the provider: the webhook's address, and more for some. */
import { ActionIcon, CopyButton, TextInput } from '@mantine/core';
import { useText } from '../../i18n';
import { CheckIcon, CopyIcon } from '../../kit/icons';
import { useChannelHealth } from '../../sync';

export function Address({ id }: { id: string }) {
  const { t } = useText();
  const { data } = useChannelHealth(id);
  const all = [...(data?.webhook ? [{ title: t('channels.webhook'), value: data.webhook }] : []), ...(data?.enter ?? [])];
  return all.map((one) => <Copied key={one.title} {...one} />);
}

function Copied({ title, value }: { title: string; value: string }) {
  const { t } = useText();
  return (
    <TextInput
      label={title}
      value={value}
      readOnly
      rightSection={
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <ActionIcon variant="subtle" color="gray" aria-label={copied ? t('channels.copied') : `${t('channels.copy')}: ${title}`} onClick={copy}>
              {copied ? <CheckIcon size={16} aria-hidden /> : <CopyIcon size={16} aria-hidden />}
            </ActionIcon>
          )}
        </CopyButton>
      }
    />
  );
}
