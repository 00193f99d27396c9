/** What was deleted: who deleted them when, and the way back. They come when somebody asks for them. */
import { Button, Drawer } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { Lines } from '../../../kit';
import { useWords } from '../text';

const List = lazy(() => import('./RemovedList'));

export function Removed() {
  const { t } = useWords();
  const [opened, open] = useState(false);
  return (
    <>
      <Button variant="subtle" color="gray" onClick={() => open(true)}>{t('kb.removed')}</Button>
      <Drawer opened={opened} onClose={() => open(false)} position="right" size="lg" title={t('kb.removed.title')} closeButtonProps={{ 'aria-label': t('kit.close') }}>
        {opened && <Suspense fallback={<Lines rows={6} height={32} />}><List /></Suspense>}
      </Drawer>
    </>
  );
}
