/** Words that are needed elsewhere, and a button that copies them. */
import { Button, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useWords } from './text';
import { CheckIcon, CopyIcon } from '../../kit/icons';
import classes from './welcome.module.css';

interface Props {
  label: string;
  text: string;
}

export function Copyable({ label, text }: Props) {
  const { t } = useWords();
  const words = useRef<HTMLElement>(null);
  const [copied, setCopied] = useState(false);
  useEffect(() => setCopied(false), [text]);
  const copy = async () => setCopied(await toClipboard(text, words.current));
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>{label}</Text>
      <div className={classes.copyable}>
        <code ref={words} className={classes.code}>{text}</code>
        <Button
          variant="default"
          size="xs"
          leftSection={copied ? <CheckIcon size={16} aria-hidden /> : <CopyIcon size={16} aria-hidden />}
          aria-label={t(copied ? 'welcome.copied.what' : 'welcome.copy.what', { what: label })}
          onClick={() => void copy()}
        >
          {t(copied ? 'welcome.copied' : 'welcome.copy')}
        </Button>
      </div>
      <span className="visually-hidden" role="status">{copied && t('welcome.copied')}</span>
    </div>
  );
}

/** Without TLS browsers have no clipboard but the old command; then the words are at least selected. */
async function toClipboard(text: string, words: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (words) getSelection()?.selectAllChildren(words);
    return document.execCommand?.('copy') ?? false;
  }
}
