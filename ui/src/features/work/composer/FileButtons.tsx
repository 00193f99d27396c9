import { ActionIcon, FileButton } from '@mantine/core';
import { useText, type Key } from '../../../i18n';
import { Hint } from '../../../kit';
import { ImageIcon, PaperclipIcon } from '../../../kit/icons';
import { useSession } from '../../../sync';

/** Photo and file; who may not send them does not see them. */
export function FileButtons({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { may } = useSession();
  return (
    <>
      {may('send_pics') && <Pick label="work.attach.picture" accept="image/*" icon={ImageIcon} onFiles={onFiles} />}
      {may('send_files') && <Pick label="work.attach.file" icon={PaperclipIcon} onFiles={onFiles} />}
    </>
  );
}

function Pick({ label, accept, icon: Icon, onFiles }: { label: Key; accept?: string; icon: typeof ImageIcon; onFiles: (files: File[]) => void }) {
  const { t } = useText();
  return (
    <FileButton multiple accept={accept} onChange={onFiles}>
      {(props) => (
        <Hint label={t(label)}>
          <ActionIcon {...props} variant="subtle" color="gray" size={34} aria-label={t(label)}>
            <Icon size={20} aria-hidden />
          </ActionIcon>
        </Hint>
      )}
    </FileButton>
  );
}
