/** «База знаний»: three tables, and the form of whatever is open. */
import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { articles, articleTypes, slots } from '../../sync/knowledge';
import { ArticleEditor } from './article/ArticleEditor';
import { addressOf, placeOf, surveysAt, type Place } from './place';
import { Leaving } from './record/Leaving';
import { Opened } from './record/Opened';
import { SlotEditor } from './slot/SlotEditor';
import { SurveyTab, Tables } from './table/Tables';
import { TypeEditor } from './type/TypeEditor';

export default function KnowledgePage() {
  const { place, go } = usePlace();
  const [path] = useLocation();
  if (path === surveysAt) return <SurveyTab place={place} />;
  return (
    <>
      {place.open ? <Record key={`${place.tab} ${place.open}`} place={place} go={go} /> : <Tables place={place} go={go} />}
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
