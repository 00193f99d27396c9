/** A picture, fitted to the dialog; a click shows it in its own size. */
import { UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useText } from '../../i18n';
import type { ViewProps } from './FilePreview';

export default function Picture({ data, name }: ViewProps) {
  const { t } = useText();
  const [url, setUrl] = useState('');
  const [full, setFull] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(data);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [data]);
  const size = full ? {} : { maxWidth: '100%', maxHeight: '75vh' };
  return (
    <UnstyledButton
      onClick={() => setFull(!full)}
      aria-label={t(full ? 'kit.preview.fit' : 'kit.preview.full')}
      style={{ display: 'block', margin: '0 auto', cursor: full ? 'zoom-out' : 'zoom-in' }}
    >
      {url && <img src={url} alt={name} style={{ display: 'block', ...size }} />}
    </UnstyledButton>
  );
}
