/** Which operators the conversation needs from then on. */
import { MultiSelect, Select, Text, TextInput } from '@mantine/core';
import { memo } from 'react';
import { useWorkplace } from '../../../sync';
import type { Routing } from '../../../sync/knowledge';
import { Fold } from '../record/Section';
import { useWords } from '../text';
import { useNames } from '../useNames';
import type { FieldProps } from './ArticleEditor';
import classes from '../knowledge.module.css';

export const RoutingFold = memo(function RoutingFold({ value, onChange }: FieldProps<'routing'>) {
  const { t } = useWords();
  const names = useNames();
  const { lines, skills, languages } = useWorkplace();
  const set = (part: Partial<Routing>) => onChange((routing) => ({ ...routing, ...part }));
  const summary = [names.line(value.lineId), names.language(value.language), ...value.skills.map(names.skill), value.priority !== 0 && `${t('kb.priority')}: ${value.priority}`];
  return (
    <Fold title={t('kb.routing')} summary={summary.filter(Boolean).join(', ') || t('kb.routing.none')}>
      <Text size="sm" c="dimmed">{t('kb.routing.hint')}</Text>
      <div className={classes.two}>
        <Select
          label={t('kb.line')} placeholder={t('kb.any')} clearable searchable value={value.lineId || null} clearButtonProps={{ 'aria-label': `${t('kb.line')}: ${t('kb.any')}` }}
          data={lines.map((l) => ({ value: l.lineId, label: l.name || l.lineId }))} onChange={(id) => set({ lineId: id ?? '' })}
        />
        <Select
          label={t('kb.language')} placeholder={t('kb.any')} clearable searchable value={value.language || null} clearButtonProps={{ 'aria-label': `${t('kb.language')}: ${t('kb.any')}` }}
          data={languages.map((l) => ({ value: l.languageId, label: l.name || l.languageId }))} onChange={(id) => set({ language: id ?? '' })}
        />
        <MultiSelect
          label={t('kb.skills')} placeholder={value.skills.length === 0 ? t('kb.any') : undefined} searchable value={value.skills}
          data={skills.map((s) => ({ value: s.skillId, label: s.name || s.skillId }))} onChange={(ids) => set({ skills: ids })}
        />
        <TextInput
          label={t('kb.priority')} inputMode="numeric" value={value.priority || ''} placeholder="0"
          onChange={(e) => {
            const number = Number(e.currentTarget.value.replace(/[^\d-]/g, ''));
            if (Number.isInteger(number)) set({ priority: Math.max(-1000, Math.min(1000, number)) });
          }}
        />
      </div>
    </Fold>
  );
});
