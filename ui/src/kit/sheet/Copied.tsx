/** Something that is taken along to the provider: read only, with a button that copies it. */
import { ActionIcon, CopyButton, TextInput } from '@mantine/core';
import { CheckIcon, CopyIcon } from '../icons';
import { useWords } from './text';

export function Copied({ title, value }: { title: string; value: string }) {
  const { t } = useWords();
  return (
    <TextInput
      label={title}
      value={value}
      readOnly
      onFocus={(e) => e.currentTarget.select()}
      rightSection={
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <ActionIcon variant="subtle" color="gray" aria-label={copied ? t('sheet.copied') : `${t('sheet.copy')}: ${title}`} onClick={copy}>
              {copied ? <CheckIcon size={16} aria-hidden /> : <CopyIcon size={16} aria-hidden />}
            </ActionIcon>
          )}
        </CopyButton>
      }
    />
  );
}
