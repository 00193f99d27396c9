/** Files dropped anywhere on the dialog are attached. The picker does the same without dragging. */
import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import { useText } from '../../../i18n';
import { PaperclipIcon } from '../../../kit/icons';
import classes from './composer.module.css';

interface Props {
  onFiles: (files: File[]) => void;
  disabled: boolean;
  className?: string;
  children: ReactNode;
}

export function FileDrop({ onFiles, disabled, className, children }: Props) {
  const { t } = useText();
  const [over, setOver] = useState(false);
  // Children tell of entering and leaving too: only the balance says where the pointer is.
  const depth = useRef(0);

  const move = (by: number) => (event: DragEvent) => {
    if (disabled || !hasFiles(event)) return;
    event.preventDefault();
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  };
  const onDrop = (event: DragEvent) => {
    if (disabled || !hasFiles(event)) return;
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    onFiles([...event.dataTransfer.files]);
  };
  return (
    <div className={className} onDragEnter={move(1)} onDragOver={move(0)} onDragLeave={move(-1)} onDrop={onDrop}>
      {children}
      {over && (
        <div className={classes.drop} aria-hidden>
          <PaperclipIcon size={32} />
          {t('work.drop')}
        </div>
      )}
    </div>
  );
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes('Files');
}
