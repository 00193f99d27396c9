/** Files of the thread are looked at in one dialog. */
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { FilePreview } from '../../../kit';
import { fileURL, type Attachment, type Conversation } from '../../../sync';
import { learn } from './heldBack';

type Whose = Pick<Conversation, 'customerId' | 'customerName'>;

interface Viewer {
  /** Whose files they are. */
  of: Whose;
  urlOf: (file: Attachment) => string;
  show: (file: Attachment) => void;
}

const Current = createContext<Viewer>({ of: { customerId: '', customerName: '' }, urlOf: () => '', show: () => {} });

export function useViewer(): Viewer {
  return useContext(Current);
}

export function Preview({ conversation: { customerId, customerName }, children }: { conversation: Whose; children: ReactNode }) {
  const [file, show] = useState<Attachment | null>(null);
  const viewer = useMemo<Viewer>(() => ({ of: { customerId, customerName }, urlOf: (f) => fileURL(customerId, f.blob, f.name), show }), [customerId, customerName]);
  return (
    <Current.Provider value={viewer}>
      {children}
      {file && (
        <FilePreview
          file={{ ...file, url: viewer.urlOf(file) }}
          onClose={(heldBack) => {
            show(null);
            if (heldBack) learn(file, heldBack, true);
          }}
        />
      )}
    </Current.Provider>
  );
}
