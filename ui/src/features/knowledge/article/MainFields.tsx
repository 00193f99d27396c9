import { Select, TextInput } from '@mantine/core';
import { policies, type AnswerPolicy, type Article } from '../../../sync/knowledge';
import type { Wrong } from '../checks';
import { Section } from '../record/Section';
import { useWords } from '../text';
import { useTypeList } from '../useNames';
import classes from '../knowledge.module.css';

interface Props {
  article: Article;
  wrong: Wrong;
  edit: (change: (article: Article) => Article) => void;
}

/** What an article is called, and how it answers. */
export function MainFields({ article, wrong, edit }: Props) {
  const { t } = useWords();
  const types = useTypeList();
  const set = (part: Partial<Article>) => edit((a) => ({ ...a, ...part }));
  return (
    <Section title={t('kb.main')}>
      <div className={classes.two}>
        <TextInput
          label={t('kb.identifier')} withAsterisk value={article.identifier} error={wrong.identifier} autoComplete="off"
          onChange={(e) => set({ identifier: e.currentTarget.value })} data-autofocus
        />
        <TextInput label={t('kb.title')} value={article.title} error={wrong.title} onChange={(e) => set({ title: e.currentTarget.value })} />
        <Select
          label={t('kb.type')} value={article.typeId || null} placeholder={t('kb.none')} clearable searchable error={wrong.type_id}
          clearButtonProps={{ 'aria-label': `${t('kb.type')}: ${t('kb.none')}` }}
          data={types.map(({ value }) => ({ value: value.typeId, label: value.name || value.identifier }))} onChange={(typeId) => set({ typeId: typeId ?? '' })}
        />
        <Select
          label={t('kb.policy')} description={t(`kb.policy.${article.policy}.hint`)} inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={article.policy} allowDeselect={false} data={policies.map((p) => ({ value: p, label: t(`kb.policy.${p}`) }))}
          onChange={(policy) => policy && set({ policy: policy as AnswerPolicy })}
        />
      </div>
    </Section>
  );
}
