/** The form of one article, with what the customer sees of it beside. */
import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { newId } from '../../../sync';
import { articles, emptyAnswer, emptyArticle, type Article } from '../../../sync/knowledge';
import { checkArticle } from '../checks';
import { articleFacts } from '../facts';
import { Preview } from '../preview/Preview';
import type { EditorProps } from '../record/Opened';
import { RecordFrame } from '../record/RecordFrame';
import { useRecord, type Kind } from '../record/useRecord';
import { useWords } from '../text';
import { useNames } from '../useNames';
import { Answers } from './Answers';
import { MainFields } from './MainFields';
import { Questions } from './Questions';
import { RoutingFold } from './RoutingFold';
import { SlotOrder } from './SlotOrder';
import { TopicFold } from './TopicFold';
import { useArticleNames } from './useArticleNames';

/** What an article was before is asked for less often than what it is. */
const History = lazy(async () => ({ default: (await import('./History')).History }));

const kind: Kind<Article> = {
  entries: articles,
  empty: (articleId) => ({ ...emptyArticle, articleId, answers: [{ ...emptyAnswer, answerId: newId() }] }),
  // Questions that nobody answers yet come in the address.
  begun: (empty) => ({ ...empty, questions: new URLSearchParams(location.search).getAll('question') }),
  nameOf: (article) => article.title || article.identifier,
  check: checkArticle,
};

/** One field of the article, and how it is changed: the same function each time. */
export interface FieldProps<K extends keyof Article> {
  value: Article[K];
  onChange: (change: (value: Article[K]) => Article[K]) => void;
}

export function ArticleEditor(props: EditorProps<Article>) {
  const { t } = useWords();
  const editing = useRecord(props, kind);
  const { value: article, wrong, edit } = editing;
  const names = useNames(useArticleNames(article, editing.theirs?.value));
  const facts = useCallback((value: Article) => articleFacts(value, names, t), [names, t]);
  const [coming, setComing] = useState(0);
  const counts = useCallback((by: number) => setComing((n) => n + by), []);
  const change = useMemo(() => {
    const of = <K extends keyof Article>(field: K): FieldProps<K>['onChange'] => (to) => edit((a) => ({ ...a, [field]: to(a[field]) }));
    return { questions: of('questions'), slotIds: of('slotIds'), answers: of('answers'), routing: of('routing'), topicId: of('topicId') };
  }, [edit]);
  const preview = usePreview();
  return (
    <RecordFrame
      place={props.place} editing={editing} facts={facts} waits={coming > 0 ? t('kb.files.coming') : undefined}
      aside={preview.shown && <Preview article={article} onClose={preview.toggle} />}
      actions={
        <>
          <Button variant="default" aria-expanded={preview.shown} aria-label={t(preview.shown ? 'kb.preview.hide' : 'kb.preview.show')} onClick={preview.toggle}>{t('kb.preview')}</Button>
          {editing.base && (
            <Suspense>
              <History editing={editing} place={props.place} />
            </Suspense>
          )}
        </>
      }
    >
      <MainFields article={article} wrong={wrong} edit={edit} />
      <Questions value={article.questions} onChange={change.questions} />
      <SlotOrder value={article.slotIds} onChange={change.slotIds} />
      <Answers value={article.answers} onChange={change.answers} slotIds={article.slotIds} wrong={wrong} names={names} counts={counts} />
      <TopicFold value={article.topicId} onChange={change.topicId} />
      <RoutingFold value={article.routing} onChange={change.routing} />
    </RecordFrame>
  );
}

/** It is open from the start where there is room for it. */
function usePreview() {
  const wide = useMediaQuery('(min-width: 80em)', false, { getInitialValueInEffect: false });
  const [wish, setWish] = useState<boolean>();
  const shown = wish ?? !!wide;
  return { shown, toggle: () => setWish(!shown) };
}
