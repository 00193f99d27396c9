/**
 * The widget as a page would show it: its own script in a frame, told the
 * settings that are not kept yet. It is to be looked at: nothing in it takes the
 * focus, and it reaches no server.
 */
import { SegmentedControl } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Entered } from '../../sync';
import { previewWidget } from '../../sync/channels';
import { useWords } from './text';
import classes from './channels.module.css';

export function Preview({ settings }: { settings: Entered }) {
  const { t } = useWords();
  const [look, setLook] = useState('open');
  const [asked] = useDebouncedValue(JSON.stringify(settings), 400);
  const { data, isError } = useQuery({ queryKey: ['channels', 'preview', asked], queryFn: () => previewWidget(JSON.parse(asked)), placeholderData: keepPreviousData, retry: false, refetchOnWindowFocus: false });
  return (
    <>
      <div className={classes.previewHead}>
        <h3 className={classes.heading}>{t('channels.preview')}</h3>
        <SegmentedControl size="xs" aria-label={t('channels.preview')} value={look} onChange={setLook} data={[{ value: 'open', label: t('channels.preview.open') }, { value: 'closed', label: t('channels.preview.closed') }]} />
      </div>
      {isError && <p role="alert" className={classes.wrong}>{t('channels.preview.wrong')}</p>}
      <div className={classes.stage}>{data && <Frame key={`${look} ${JSON.stringify(data)} ${String(settings.logo ?? '')}`} config={data} logo={String(settings.logo ?? '')} open={look === 'open'} />}</div>
    </>
  );
}

interface Callback {
  __CraftTalkCallback?: (widget: { open: () => void }) => void;
}

function Frame({ config, logo, open }: { config: object; logo: string; open: boolean }) {
  const { t } = useWords();
  const ref = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const frame = ref.current;
    const show = () => frame?.contentWindow && begin(frame.contentWindow as Window & Callback & typeof globalThis, { ...config, logo: logo && '/favicon.svg' }, logo, open);
    frame?.addEventListener('load', show, { once: true });
    if (frame) frame.srcdoc = '<!doctype html><html lang="ru"><title>—</title><body></body></html>';
    return () => frame?.removeEventListener('load', show);
  }, [config, logo, open]);
  return <iframe ref={ref} title={t('channels.preview')} inert className={classes.frame} />;
}

/** The frame's own world answers the widget, and nobody else does. */
function begin(world: Window & Callback & typeof globalThis, config: object, logo: string, open: boolean): void {
  world.fetch = (input) => (String(input).endsWith('/config') ? Promise.resolve(Response.json(config)) : Promise.reject(new TypeError('a preview reaches no server')));
  world.WebSocket = class extends EventTarget {
    close() {}
    send() {}
  } as unknown as typeof WebSocket;
  world.__CraftTalkCallback = (widget) => {
    if (open) world.setTimeout(() => widget.open(), 0);
  };
  const script = world.document.createElement('script');
  script.src = '/widget.js';
  script.dataset.account = 'preview';
  script.onload = () => {
    const root = world.document.querySelector('crafttalk-widget')?.shadowRoot;
    if (logo && root) new MutationObserver(() => root.querySelector('img.logo')?.setAttribute('src', logo)).observe(root, { childList: true, subtree: true });
  };
  world.document.body.append(script);
}
