/** A question to the customer, with its files. */
import { Textarea } from '@mantine/core';
import type { Prompt } from '../../../sync/knowledge';
import { Files } from '../article/Files';
import { Section } from '../record/Section';
import { useWords } from '../text';

interface Props {
  title: string;
  hint?: string;
  value: Prompt;
  error?: string;
  required?: boolean;
  onChange: (change: (prompt: Prompt) => Prompt) => void;
  counts: (by: number) => void;
}

export function PromptFields({ title, hint, value, error, required, onChange, counts }: Props) {
  const { t } = useWords();
  return (
    <Section title={title} hint={hint}>
      <Textarea
        aria-label={title} aria-required={required} autosize minRows={2} maxRows={12} value={value.text} error={error}
        onChange={(e) => {
          const text = e.currentTarget.value;
          onChange((prompt) => ({ ...prompt, text }));
        }}
      />
      <Files label={`${title}: ${t('kb.files')}`} value={value.attachments} counts={counts} onChange={(to) => onChange((prompt) => ({ ...prompt, attachments: to(prompt.attachments) }))} />
    </Section>
  );
}
