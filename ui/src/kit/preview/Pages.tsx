/** The pages of a PDF, drawn one below the other as far as they are looked at. */
import { Stack } from '@mantine/core';
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../../i18n';
import type { ViewProps } from './FilePreview';
import { useMade } from './useShow';

GlobalWorkerOptions.workerSrc = worker;

const WIDTH = 1000;

/** No program of the file runs: neither scripts, nor forms, nor WebAssembly. */
async function open(data: Blob): Promise<PDFDocumentProxy> {
  return getDocument({ data: await data.arrayBuffer(), enableXfa: false, useWasm: false, useSystemFonts: true, stopAtErrors: false }).promise;
}

export default function Pages({ data, name }: ViewProps) {
  const [pdf, instead] = useMade(data, open);
  useEffect(() => () => void pdf?.destroy(), [pdf]);
  if (!pdf) return instead;
  return (
    <Stack gap="md" align="center">
      {Array.from({ length: pdf.numPages }, (_, i) => (
        <Page key={i} pdf={pdf} number={i + 1} name={name} />
      ))}
    </Stack>
  );
}

function Page({ pdf, number, name }: { pdf: PDFDocumentProxy; number: number; name: string }) {
  const { t } = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [seen, setSeen] = useState(number === 1);

  useEffect(() => {
    if (seen || !canvas.current) return;
    const watch = new IntersectionObserver((all) => all.some((e) => e.isIntersecting) && setSeen(true), { rootMargin: '600px' });
    watch.observe(canvas.current);
    return () => watch.disconnect();
  }, [seen]);

  useEffect(() => {
    if (!seen) return;
    let stop = () => {};
    void pdf.getPage(number).then((page) => {
      if (!canvas.current) return;
      const viewport = page.getViewport({ scale: WIDTH / page.getViewport({ scale: 1 }).width });
      canvas.current.width = viewport.width;
      canvas.current.height = viewport.height;
      const task = page.render({ canvas: canvas.current, viewport });
      stop = () => task.cancel();
      task.promise.catch(() => {});
    });
    return () => stop();
  }, [seen, pdf, number]);

  const label = t('kit.preview.page', { name, number });
  return <canvas ref={canvas} role="img" aria-label={label} width={WIDTH} height={WIDTH * 1.414} style={{ width: '100%', height: 'auto', background: '#fff' }} />;
}
