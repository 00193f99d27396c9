/** «Мониторинг»: all the work that goes on, as far as one may see it, told by the server as it happens. */
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Empty } from '../../kit/Empty';
import { Failure } from '../../kit/Failure';
import { Lines } from '../../kit/Late';
import { Problem, type Conversation } from '../../sync';
import { useNames } from '../../sync/names';
import { openWall, refreshWall, useWall, type WallState } from '../../sync/wall';
import { ActsContext } from './acts';
import { Alerts } from './Alerts';
import { arrange, isBare } from './arrange';
import { Dialogs } from './Dialogs';
import { Filters } from './Filters';
import { Head } from './Head';
import { Pane } from './Pane';
import { addressOf, isFiltered, placeOf, turned, type Part, type Place } from './place';
import { useWords } from './text';
import { useDoing } from './useDoing';
import { WallList, type ListHandle } from './WallList';
import classes from './wall.module.css';

/** What the page shows but does not know; the app puts it in. */
export interface WallSlots {
  thread: (conversation: Conversation) => ReactNode;
  verdict: (conversationId: string) => ReactNode;
}

export type Go = (change: Partial<Place>, replace?: boolean) => void;

export default function WallPage(slots: WallSlots) {
  const { place, go } = usePlace();
  const list = useRef<ListHandle>(null);
  const doing = useDoing();
  useEffect(() => openWall(), []);
  const show = useShow(place, go, list);
  const close = useCallback(() => go({ open: '' }), [go]);
  useEscape(place.open !== '', close);
  return (
    <ActsContext value={doing.acts}>
      <div className={classes.page}>
        <div className={classes.main}>
          <Head show={show} />
          <Alerts />
          <Filters place={place} go={go} />
          <Body place={place} go={go} list={list} />
        </div>
        {place.open && <Pane key={place.open} id={place.open} close={close} slots={slots} />}
      </div>
      {doing.asked && <Dialogs asked={doing.asked} does={doing.does} close={doing.close} />}
    </ActsContext>
  );
}

function Body({ place, go, list }: { place: Place; go: Go; list: React.RefObject<ListHandle | null> }) {
  const { t } = useWords();
  const ready = useWall((w) => w.ready);
  const connection = useWall((w) => w.connection);
  const rows = useRows(place);
  const bare = useWall((w) => isBare(w, place));
  const now = useRef(place);
  now.current = place;
  const hrefOf = useCallback((id: string) => addressOf({ ...place, open: id }), [place]);
  const open = useCallback((id: string) => go({ open: id }), [go]);
  const turn = useCallback((part: Part) => go({ folded: turned(now.current.folded, part) }, true), [go]);
  if (!ready && connection === 'lost') return <div className={classes.problem}><Failure problem={new Problem({ kind: 'network' })} retry={refreshWall} /></div>;
  if (!ready) return <Lines rows={8} height={32} />;
  if (bare) return <Empty title={t('wall.bare')} text={t('wall.bare.text')} />;
  return <WallList ref={list} rows={rows} current={place.open} filtered={isFiltered(place)} hrefOf={hrefOf} open={open} turn={turn} />;
}

/** The rows in their order. To type is more urgent than to look for what is typed. */
function useRows(place: Place) {
  const names = useNames();
  const operators = useWall((w) => w.operators);
  const conversations = useWall((w) => w.conversations);
  const failures = useWall((w) => w.failures);
  const sought = useDeferredValue(place);
  return useMemo(
    () => arrange({ operators, conversations, failures } as WallState, sought, names),
    // oxlint-disable-next-line react/exhaustive-deps
    [operators, conversations, failures, names, sought.center, sought.line, sought.text, sought.byWait, sought.folded.join()],
  );
}

function usePlace() {
  const [path, navigate] = useLocation();
  const query = useSearch();
  const place = useMemo(() => placeOf(path, query), [path, query]);
  const now = useRef(place);
  now.current = place;
  const go = useCallback<Go>((change, replace) => navigate(addressOf({ ...now.current, ...change }), { replace }), [navigate]);
  return { place, go };
}

/** A number of the head line leads to what it counts, folded or not. */
function useShow(place: Place, go: Go, list: React.RefObject<ListHandle | null>) {
  const wanted = useRef<Part | null>(null);
  useEffect(() => {
    if (!wanted.current) return;
    list.current?.show(wanted.current);
    wanted.current = null;
  }, [place, list]);
  return useCallback(
    (part: Part) => {
      if (!place.folded.includes(part)) return list.current?.show(part);
      wanted.current = part;
      go({ folded: turned(place.folded, part) }, true);
    },
    [place, go, list],
  );
}

/** Escape closes the conversation, unless it closes something that lies above it. */
function useEscape(open: boolean, close: () => void): void {
  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => {
      const above = document.activeElement?.closest('[role="dialog"], [role="menu"], [aria-expanded="true"][aria-haspopup]');
      if (event.key === 'Escape' && !above) close();
    };
    // What is above is asked for before it closes itself.
    addEventListener('keydown', onKey, true);
    return () => removeEventListener('keydown', onKey, true);
  }, [open, close]);
}
