/** Files are dropped on a place: whether they are over it, and what the place listens to. */
import { useState, type DragEvent } from 'react';

export function useDrop(take: (files: File[]) => void) {
  const [over, setOver] = useState(false);
  const drop = {
    onDragOver: (e: DragEvent) => {
      if (!e.dataTransfer.types.includes('Files')) return;
      e.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (e: DragEvent) => {
      e.preventDefault();
      setOver(false);
      take([...e.dataTransfer.files]);
    },
  };
  return { over, drop };
}
