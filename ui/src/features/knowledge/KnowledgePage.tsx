/** «База знаний»: three tables, and the form of whatever is open. */
import { lazy, Suspense, useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Lines } from '../../kit';
import { articles, articleTypes, slots } from '../../sync/knowledge';
import { ArticleEditor } from './article/ArticleEditor';
import { addressOf, placeOf, surveysAt, type Place } from './place';
import { Leaving } from './record/Leaving';
import { Opened } from './record/Opened';
import { SurveyTab, Tables } from './table/Tables';

/** They are opened less often than articles are, and come then. */
const SlotEditor = lazy(async () => ({ default: (await import('./slot/SlotEditor')).SlotEditor }));
const TypeEditor = lazy(async () => ({ default: (await import('./type/TypeEditor')).TypeEditor }));

export default function KnowledgePage() {
  const { place, go } = usePlace();
  const [path] = useLocation();
  if (path === surveysAt) return <SurveyTab place={place} />;
  return (
    <>
      {place.open ? <Suspense fallback={<Lines rows={8} height={28} />}><Record key={`${place.tab} ${place.open}`} place={place} go={go} /></Suspense> : <Tables place={place} go={go} />}
      <Leaving />
    </>
  );
}

/** Goes to another place; `replace` leaves no trace of the one before. */
export type Go = (change: Partial<Place>, replace?: boolean) => void;

function usePlace() {
  const [path, navigate] = useLocation();
  const query = useSearch();
  const place = useMemo(() => placeOf(path, query), [path, query]);
  const go = useCallback<Go>((change, replace) => navigate(addressOf({ ...place, ...change }), { replace }), [place, navigate]);
  return { place, go };
}

function Record({ place, go }: { place: Place; go: Go }) {
  const props = { place, go };
  switch (place.tab) {
    case 'articles':
      return <Opened kind={articles} {...props} Editor={ArticleEditor} />;
    case 'slots':
      return <Opened kind={slots} {...props} Editor={SlotEditor} />;
    case 'types':
      return <Opened kind={articleTypes} {...props} Editor={TypeEditor} />;
  }
}
