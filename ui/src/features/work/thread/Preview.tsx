/** Files of the thread are looked at in one dialog. */
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { FilePreview, type PreviewFile } from '../../../kit';
import { fileURL, type Attachment } from '../../../sync';

interface Viewer {
  urlOf: (file: Attachment) => string;
  show: (file: Attachment) => void;
}

const Current = createContext<Viewer>({ urlOf: () => '', show: () => {} });

export function useViewer(): Viewer {
  return useContext(Current);
}

export function Preview({ customerId, children }: { customerId: string; children: ReactNode }) {
  const [file, setFile] = useState<PreviewFile | null>(null);
  const viewer = useMemo<Viewer>(() => {
    const urlOf = (f: Attachment) => fileURL(customerId, f.blob, f.name);
    return { urlOf, show: (f) => setFile({ name: f.name, mime: f.mime, size: f.size, url: urlOf(f) }) };
  }, [customerId]);
  return (
    <Current.Provider value={viewer}>
      {children}
      {file && <FilePreview file={file} onClose={() => setFile(null)} />}
    </Current.Provider>
  );
}
