/** Where a button leads, without leaving the form. */
import { Button, Modal, Stack } from '@mantine/core';
import { Link } from 'wouter';
import { Failure, Lines, useFocusBack } from '../../../kit';
import { articles, useEntry } from '../../../sync/knowledge';
import { Chat } from '../preview/Chat';
import { root } from '../place';
import { useWords } from '../text';

export function Peek({ articleId, onClose }: { articleId: string; onClose: () => void }) {
  const { t } = useWords();
  useFocusBack();
  const { data, error, refetch } = useEntry(articles, articleId);
  const article = data?.value;
  return (
    <Modal opened onClose={onClose} title={article?.title || article?.identifier} size="md">
      <Stack gap="md">
        {article ? <Chat article={article} /> : error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={4} />}
        <Button component={Link} variant="default" href={`${root}/articles/${encodeURIComponent(articleId)}`}>{t('kb.peek.open')}</Button>
      </Stack>
    </Modal>
  );
}
