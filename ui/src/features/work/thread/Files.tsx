/** The files of a message: pictures at a glance, all others by name below them. */
import { ActionIcon, Loader, VisuallyHidden } from '@mantine/core';
import { lazy, Suspense, type MouseEvent } from 'react';
import { useText } from '../../../i18n';
import { previewKind } from '../../../kit';
import { DownloadIcon, ErrorIcon, FileIcon, FileSheetIcon, FileTextIcon } from '../../../kit/icons';
import type { Attachment, Message } from '../../../sync';
import { ask, save, useHeldBack } from './heldBack';
import { useViewer } from './Preview';
import classes from './thread.module.css';

/** Hardly any file is held back. */
const HeldBack = lazy(() => import('./HeldBack'));

export function Files({ message }: { message: Message }) {
  const { of } = useHeldBack();
  const files = message.content.attachments.filter((file) => !of[file.blob]);
  const pictures = files.filter(isPicture);
  return (
    <div className={classes.files}>
      {pictures.length > 0 && (
        <div className={classes.pictures}>
          {pictures.map((file) => (
            <Picture key={file.id} file={file} />
          ))}
        </div>
      )}
      {files.filter((file) => !isPicture(file)).map((file) => (
        <FileItem key={file.id} file={file} />
      ))}
      {message.content.attachments.map((file) => {
        const reason = of[file.blob];
        return reason && <Suspense key={file.id}><HeldBack file={file} reason={reason} message={message} /></Suspense>;
      })}
    </div>
  );
}

function isPicture(file: Attachment): boolean {
  return !file.failure && file.blob !== '' && previewKind(file.name, file.mime) === 'image';
}

function FileItem({ file }: { file: Attachment }) {
  if (file.failure) return <Lost file={file} />;
  if (!file.blob) return <Coming file={file} />;
  return <Named file={file} shows={previewKind(file.name, file.mime) !== undefined} />;
}

function Picture({ file }: { file: Attachment }) {
  const { t } = useText();
  const { urlOf, show } = useViewer();
  return (
    <button type="button" className={classes.picture} onClick={() => show(file)} aria-label={t('work.file.open', { name: file.name })}>
      <img src={urlOf(file)} alt="" loading="lazy" draggable={false} onError={() => void ask(file, urlOf(file), false)} />
    </button>
  );
}

const icons = { pdf: FileTextIcon, sheet: FileSheetIcon, document: FileTextIcon, word: FileTextIcon, text: FileTextIcon, image: FileIcon };

function Named({ file, shows }: { file: Attachment; shows: boolean }) {
  const { t, bytes } = useText();
  const { urlOf, show } = useViewer();
  const Icon = icons[previewKind(file.name, file.mime) ?? 'image'];
  const name = (
    <span className={classes.fileName}>
      <span>{file.name}</span>
      <span className={classes.fileSize}>{shows ? bytes(file.size) : t('work.file.only', { size: bytes(file.size) })}</span>
    </span>
  );
  return (
    <div className={classes.file}>
      <Icon size={24} aria-hidden />
      {shows ? (
        <button type="button" className={classes.fileOpen} onClick={() => show(file)}>
          <VisuallyHidden>{t('work.file.look')} </VisuallyHidden>
          {name}
        </button>
      ) : (
        name
      )}
      <ActionIcon
        component="a" variant="subtle" color="gray" href={urlOf(file)} download={file.name}
        aria-label={t('work.file.download', { name: file.name })}
        onClick={(event: MouseEvent) => {
          event.preventDefault();
          void save(file, urlOf(file));
        }}
      >
        <DownloadIcon size={18} aria-hidden />
      </ActionIcon>
    </div>
  );
}

function Coming({ file }: { file: Attachment }) {
  const { t } = useText();
  return (
    <div className={classes.file}>
      <Loader size={20} />
      <span className={classes.fileName}>
        <span>{file.name}</span>
        <span className={classes.fileSize}>{t('work.file.coming')}</span>
      </span>
    </div>
  );
}

function Lost({ file }: { file: Attachment }) {
  const { t } = useText();
  return (
    <div className={classes.file} data-lost>
      <ErrorIcon size={24} aria-hidden />
      <span className={classes.fileName}>
        <span>{file.name}</span>
        <span className={classes.fileSize}>{t('work.file.lost', { why: file.failure })}</span>
      </span>
    </div>
  );
}
