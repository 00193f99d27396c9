/** «Настройки доступа»: for whom an answer is. */
import { MultiSelect } from '@mantine/core';
import { memo } from 'react';
import { useWorkplace } from '../../../sync';
import type { Audience } from '../../../sync/knowledge';
import { audienceText, type Names } from '../facts';
import { Fold } from '../record/Section';
import { useWords } from '../text';
import classes from '../knowledge.module.css';

interface Props {
  value: Audience;
  onChange: (change: (audience: Audience) => Audience) => void;
  names: Names;
}

export const AccessFold = memo(function AccessFold({ value, onChange, names }: Props) {
  const { t } = useWords();
  const { centers, lines, skills, languages } = useWorkplace();
  const some = (field: keyof Audience, label: string, data: { value: string; label: string }[]) => (
    <MultiSelect
      label={label} placeholder={value[field].length === 0 ? t('kb.any') : undefined} searchable clearable data={data} value={value[field]}
      clearButtonProps={{ 'aria-label': `${label}: ${t('kb.any')}` }} onChange={(ids) => onChange((a) => ({ ...a, [field]: ids }))}
    />
  );
  return (
    <Fold inner title={t('kb.access')} summary={audienceText(value, names, t).replaceAll('\n', '; ') || t('kb.access.none')}>
      <div className={classes.two}>
        {some('centerIds', t('kb.centers'), centers.map((c) => ({ value: c.centerId, label: c.name || c.centerId })))}
        {some('lineIds', t('kb.lines'), lines.map((l) => ({ value: l.lineId, label: l.name || l.lineId })))}
        {some('skills', t('kb.skills'), skills.map((s) => ({ value: s.skillId, label: s.name || s.skillId })))}
        {some('languages', t('kb.languages'), languages.map((l) => ({ value: l.languageId, label: l.name || l.languageId })))}
      </div>
    </Fold>
  );
});
