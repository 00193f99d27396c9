import { useCallback, useEffect } from 'react';
import { useText, type Key } from '../../../i18n';
import { complain } from '../../../kit';
import { useSession, type Draft } from '../../../sync';
import { LARGEST, MOST_FILES, refusalOf, type Refusal } from './files';
import { dropUpload, startUpload, useUploads } from './uploads';

const reasons: Record<Refusal, Key> = {
  empty: 'work.file.empty',
  large: 'work.file.large',
  role: 'work.file.role',
  many: 'work.file.many',
};

/** Checks files and sends them off; those that have come go into the draft. */
export function useAttach(conversationId: string, draft: Draft, setDraft: (d: Draft) => void) {
  const { t, bytes } = useText();
  const { may } = useSession();
  const uploads = useUploads(conversationId);
  const pictures = may('send_pics');
  const others = may('send_files');
  const held = draft.attachments.length + uploads.length;

  const attach = useCallback(
    (files: File[]) => {
      files.forEach((file, i) => {
        const refusal = refusalOf(file, { pictures, files: others }, held + i);
        if (refusal) complain(t(reasons[refusal], { name: file.name, size: bytes(LARGEST), most: MOST_FILES }));
        else startUpload(conversationId, file);
      });
    },
    [conversationId, pictures, others, held, t, bytes],
  );

  useEffect(() => {
    const done = uploads.filter((u) => u.state === 'done' && u.attachment);
    if (done.length === 0) return;
    setDraft({ ...draft, attachments: [...draft.attachments, ...done.map((u) => u.attachment!)] });
    done.forEach((u) => dropUpload(conversationId, u.id));
  }, [uploads, draft, setDraft, conversationId]);

  return { attach, some: held > 0, running: uploads.some((u) => u.state !== 'failed') };
}
