/** «Вложения»: pictures, files, and links to documents. */
import { ActionIcon, Button, FileButton, Group, Loader, Text, TextInput } from '@mantine/core';
import { memo, useRef, useState } from 'react';
import { complain, FilePreview, Hint } from '../../../kit';
import { CloseIcon, FileIcon, ImageIcon, LinkIcon, PaperclipIcon } from '../../../kit/icons';
import { newId, problemOf } from '../../../sync';
import { emptyFile, knowledgeFileURL, uploadKnowledgeFile, type KnowledgeFile } from '../../../sync/knowledge';
import { without } from '../../../kit/lists';
import { useDrop } from '../../../kit/useDrop';
import { useOurReason } from '../sentences';
import { useWords } from '../text';
import classes from '../knowledge.module.css';

interface Props {
  value: readonly KnowledgeFile[];
  onChange: (change: (files: KnowledgeFile[]) => KnowledgeFile[]) => void;
  counts: (by: number) => void;
  /** What the files belong to, for who does not see it. */
  label?: string;
}

export const Files = memo(function Files({ value, onChange, counts, label }: Props) {
  const { t } = useWords();
  const { coming, add } = useUploads(onChange, counts);
  const { over, drop } = useDrop(add);
  return (
    <div className={classes.files} role="group" aria-label={label ?? t('kb.files')} data-over={over || undefined} {...drop}>
      <span className={classes.partLabel}>{over ? t('kb.file.drop') : t('kb.files')}</span>
      {value.length + coming.length > 0 && (
        <ul className={classes.chips}>
          {value.map((file, at) => <Attached key={file.attachmentId} file={file} onTake={() => onChange((all) => without(all, at))} />)}
          {coming.map(({ id, name }) => (
            <li key={id} className={classes.chip} role="status" aria-label={t('kb.file.coming', { name })}>
              <Loader size={16} /> {name}
            </li>
          ))}
        </ul>
      )}
      <Group gap="xs">
        <FileButton accept="image/*" multiple onChange={add}>
          {(props) => <Button {...props} size="compact-sm" variant="default" leftSection={<ImageIcon size={16} aria-hidden />}>{t('kb.file.photo')}</Button>}
        </FileButton>
        <FileButton multiple onChange={add}>
          {(props) => <Button {...props} size="compact-sm" variant="default" leftSection={<PaperclipIcon size={16} aria-hidden />}>{t('kb.file.file')}</Button>}
        </FileButton>
        <DocumentLink onAdd={(source) => onChange((all) => [...all, { ...emptyFile, attachmentId: newId(), source, name: nameOf(source) }])} />
      </Group>
    </div>
  );
});

/** A link is called by the end of its address. */
function nameOf(source: string): string {
  const { pathname, hostname } = new URL(source);
  const end = pathname.split('/').filter(Boolean).at(-1) ?? hostname;
  try {
    return decodeURIComponent(end);
  } catch {
    return end;
  }
}

function Attached({ file, onTake }: { file: KnowledgeFile; onTake: () => void }) {
  const { t, bytes } = useWords();
  const [opened, open] = useState(false);
  const link = file.blob === '';
  const picture = !link && file.mime.startsWith('image/');
  const name = file.name || file.source;
  return (
    <li className={classes.chip}>
      {picture ? <img src={knowledgeFileURL(file)} alt="" /> : link ? <LinkIcon size={20} aria-hidden /> : <FileIcon size={20} aria-hidden />}
      {link ? (
        <a href={file.source} target="_blank" rel="noopener noreferrer">{name}</a>
      ) : (
        <button type="button" className={classes.chipOpen} aria-label={t('kb.file.open', { name })} onClick={() => open(true)}>{name}</button>
      )}
      {!link && <Text span size="xs" c="dimmed">{bytes(file.size)}</Text>}
      <Hint label={t('kb.file.remove', { name })}>
        <ActionIcon size={24} variant="subtle" color="gray" aria-label={t('kb.file.remove', { name })} onClick={onTake}>
          <CloseIcon size={14} aria-hidden />
        </ActionIcon>
      </Hint>
      {opened && <FilePreview file={{ ...file, url: knowledgeFileURL(file) }} onClose={() => open(false)} />}
    </li>
  );
}

function DocumentLink({ onAdd }: { onAdd: (source: string) => void }) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const add = () => {
    const source = text.trim();
    if (!/^https?:\/\//.test(source) || !URL.canParse(source)) return setWrong(true);
    onAdd(source);
    setText('');
  };
  return (
    <Group gap={4} wrap="nowrap" align="start" className={classes.grow}>
      <TextInput
        size="xs" className={classes.grow} type="url" aria-label={t('kb.file.link')} placeholder={t('kb.file.link')} value={text} error={wrong && t('kb.file.link.wrong')}
        onChange={(e) => {
          setText(e.currentTarget.value);
          setWrong(false);
        }}
        onKeyDown={(e) => {
          if (e.key !== 'Enter') return;
          e.preventDefault();
          if (text.trim()) add();
        }}
      />
      <Button size="xs" variant="default" disabled={text.trim() === ''} onClick={add}>{t('kb.file.attach')}</Button>
    </Group>
  );
}

/** Files go up one beside the other; what fails says so and is gone. */
function useUploads(onChange: Props['onChange'], counts: Props['counts']) {
  const { t } = useWords();
  const reason = useOurReason();
  const next = useRef(0);
  const [coming, setComing] = useState<{ id: number; name: string }[]>([]);
  const one = async (file: File) => {
    const id = next.current++;
    setComing((all) => [...all, { id, name: file.name }]);
    counts(1);
    try {
      const kept = await uploadKnowledgeFile(file);
      onChange((all) => [...all, kept]);
    } catch (thrown) {
      complain(t('kb.file.failed', { name: file.name, reason: reason(problemOf(thrown)) }));
    } finally {
      counts(-1);
      setComing((all) => all.filter((f) => f.id !== id));
    }
  };
  return { coming, add: (files: readonly File[]) => files.forEach((file) => void one(file)) };
}
