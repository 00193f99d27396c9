/** The knowledge base taken along, and brought in. */
import { Button, Group, Menu } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { DownloadIcon, UploadIcon } from '../../../kit/icons';
import { exportURL } from '../../../sync/knowledge';
import { useWords } from '../text';

/** It comes when somebody asks for it. */
const ImportDialog = lazy(() => import('./ImportDialog'));

export function Transfer() {
  const { t } = useWords();
  const [opened, open] = useState(false);
  return (
    <Group gap="xs">
      <Button variant="default" leftSection={<UploadIcon size={16} aria-hidden />} onClick={() => open(true)}>{t('kb.import')}</Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<DownloadIcon size={16} aria-hidden />}>{t('kb.export')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={exportURL('csv', 'semicolon')} download>{t('kb.export.excel')}</Menu.Item>
          <Menu.Item component="a" href={exportURL('csv')} download>{t('kb.export.csv')}</Menu.Item>
          <Menu.Item component="a" href={exportURL('json')} download>{t('kb.export.json')}</Menu.Item>
          <Menu.Item component="a" href={exportURL('zip')} download>{t('kb.export.zip')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {opened && <Suspense><ImportDialog onClose={() => open(false)} /></Suspense>}
    </Group>
  );
}
