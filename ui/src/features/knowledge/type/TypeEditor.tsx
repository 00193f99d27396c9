/** The form of one type of articles. */
import { TextInput } from '@mantine/core';
import { useCallback } from 'react';
import { articleTypes, emptyType, type ArticleType } from '../../../sync/knowledge';
import { checkType } from '../checks';
import { typeFacts } from '../facts';
import type { EditorProps } from '../record/Opened';
import { RecordFrame } from '../record/RecordFrame';
import { Section } from '../record/Section';
import { useRecord, type Kind } from '../record/useRecord';
import { useWords } from '../text';
import classes from '../knowledge.module.css';

const kind: Kind<ArticleType> = {
  entries: articleTypes,
  empty: (typeId) => ({ ...emptyType, typeId }),
  nameOf: (type) => type.name || type.identifier,
  check: checkType,
};

export function TypeEditor(props: EditorProps<ArticleType>) {
  const { t } = useWords();
  const editing = useRecord(props, kind);
  const { value: type, wrong, edit } = editing;
  const set = (part: Partial<ArticleType>) => edit((v) => ({ ...v, ...part }));
  const facts = useCallback((value: ArticleType) => typeFacts(value, t), [t]);
  return (
    <RecordFrame place={props.place} editing={editing} facts={facts}>
      <Section title={t('kb.main')}>
        <div className={classes.two}>
          <TextInput label={t('kb.type.name')} value={type.name} error={wrong.name} onChange={(e) => set({ name: e.currentTarget.value })} />
          <TextInput
            label={t('kb.identifier')} withAsterisk autoComplete="off" value={type.identifier} error={wrong.identifier}
            onChange={(e) => set({ identifier: e.currentTarget.value })}
          />
        </div>
      </Section>
    </RecordFrame>
  );
}
