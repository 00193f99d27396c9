/** Files of the message that is being written: those on their way and those there. */
import { ActionIcon, Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../../../i18n';
import { useReason } from '../../../kit';
import { CloseIcon, FileIcon, RefreshIcon } from '../../../kit/icons';
import { fileURL, type Attachment, type Draft } from '../../../sync';
import { dropUpload, retryUpload, useUploads, type Upload } from './uploads';
import classes from './composer.module.css';

interface Props {
  conversationId: string;
  customerId: string;
  draft: Draft;
  onDraft: (draft: Draft) => void;
}

export default function AttachedFiles({ conversationId, customerId, draft, onDraft }: Props) {
  const { t } = useText();
  const uploads = useUploads(conversationId);
  if (uploads.length + draft.attachments.length === 0) return null;
  const without = (id: string) => onDraft({ ...draft, attachments: draft.attachments.filter((a) => a.id !== id) });
  return (
    <ul className={classes.attached} aria-label={t('work.attached')}>
      {draft.attachments.map((a) => (
        <Here key={a.id} file={a} url={fileURL(customerId, a.blob, a.name)} onRemove={() => without(a.id)} />
      ))}
      {uploads.map((u) => (
        <OnItsWay key={u.id} conversationId={conversationId} upload={u} />
      ))}
    </ul>
  );
}

function Here({ file, url, onRemove }: { file: Attachment; url: string; onRemove: () => void }) {
  const { t, bytes } = useText();
  const picture = file.mime.startsWith('image/') ? url : '';
  return (
    <Chip name={file.name} picture={picture} below={bytes(file.size)}>
      <Button label={t('work.file.remove', { name: file.name })} onClick={onRemove} />
    </Chip>
  );
}

function OnItsWay({ conversationId, upload }: { conversationId: string; upload: Upload }) {
  const { t } = useText();
  const reason = useReason();
  const { name } = upload.file;
  const cancel = <Button label={t('work.file.cancel', { name })} onClick={() => dropUpload(conversationId, upload.id)} />;
  if (upload.state === 'failed') {
    return (
      <Chip name={name} picture={upload.picture} below={<span className={classes.wrong}>{reason(upload.problem)}</span>}>
        <ActionIcon variant="subtle" size={24} aria-label={t('work.file.retry', { name })} onClick={() => retryUpload(conversationId, upload.id)}>
          <RefreshIcon size={16} aria-hidden />
        </ActionIcon>
        {cancel}
      </Chip>
    );
  }
  const bar = <Progress value={upload.part * 100} size={4} aria-label={t('work.file.progress', { name })} />;
  return (
    <Chip name={name} picture={upload.picture} below={bar}>
      {cancel}
    </Chip>
  );
}

function Chip({ name, picture, below, children }: { name: string; picture: string; below: ReactNode; children: ReactNode }) {
  return (
    <li className={classes.chip}>
      {picture ? <img src={picture} alt="" /> : <FileIcon size={24} aria-hidden />}
      <span className={classes.chipText}>
        <span className={classes.chipName} title={name}>
          {name}
        </span>
        {below}
      </span>
      {children}
    </li>
  );
}

function Button({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" size={24} aria-label={label} onClick={onClick}>
      <CloseIcon size={16} aria-hidden />
    </ActionIcon>
  );
}
