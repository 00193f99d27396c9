/** What a customer is given, beside the form: it follows each change. */
import { CloseButton, Title } from '@mantine/core';
import { useDeferredValue } from 'react';
import type { Article } from '../../../sync/knowledge';
import { useWords } from '../text';
import { Chat } from './Chat';
import classes from '../knowledge.module.css';

export function Preview({ article, onClose }: { article: Article; onClose: () => void }) {
  const { t } = useWords();
  const shown = useDeferredValue(article);
  return (
    <aside className={classes.aside} aria-label={t('kb.preview')}>
      <div className={classes.sectionHead}>
        <Title order={2} size="h5">{t('kb.preview')}</Title>
        <CloseButton size="sm" aria-label={t('kb.preview.hide')} onClick={onClose} />
      </div>
      <Chat article={shown} />
    </aside>
  );
}
