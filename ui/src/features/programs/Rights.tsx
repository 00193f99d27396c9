/** What a program may do, and where. */
import { MultiSelect, Text } from '@mantine/core';
import { useWorkplace } from '../../sync';
import type { Grants } from '../../sync/programs';
import { roles } from '../../sync/roles';
import { useWords } from './text';
import sheet from '../../kit/sheet/sheet.module.css';

interface Props {
  value: Grants;
  wrong: Partial<Record<keyof Grants, string>>;
  change: (part: Partial<Grants>) => void;
}

export function Rights({ value, wrong, change }: Props) {
  const { t } = useWords();
  const { centers, lines, languages, skills } = useWorkplace();
  const many = (field: keyof Grants, label: string, data: { value: string; label: string }[]) => (
    <MultiSelect
      label={label} placeholder={value[field].length === 0 ? t('pr.choose') : undefined} searchable clearable hidePickedOptions data={withOld(data, value[field])} value={value[field]}
      error={wrong[field]} clearButtonProps={{ 'aria-label': `${label}: ${t('pr.none')}` }} onChange={(ids) => change({ [field]: ids })}
    />
  );
  return (
    <section className={sheet.part}>
      <h3>{t('pr.rights')}</h3>
      <Text size="xs" c="dimmed" mb={8}>{t('pr.roles.hint')}. {t('pr.scope.hint')}.</Text>
      {many('roles', t('pr.roles'), roles.map((role) => ({ value: role, label: `${t(`pr.role.${role}`)} (${role})` })))}
      <div className={sheet.two} style={{ marginTop: 12 }}>
        {many('center_ids', t('pr.centers'), centers.map((c) => ({ value: c.centerId, label: c.name || c.centerId })))}
        {many('line_ids', t('pr.lines'), lines.map((l) => ({ value: l.lineId, label: l.name || l.lineId })))}
        {many('languages', t('pr.languages'), languages.map((l) => ({ value: l.languageId, label: l.name || l.languageId })))}
        {many('skills', t('pr.skills'), skills.map((s) => ({ value: s.skillId, label: s.name || s.skillId })))}
      </div>
    </section>
  );
}

/** What was chosen by somebody who sees more stays chosen. */
function withOld(data: { value: string; label: string }[], chosen: readonly string[]) {
  const known = new Set(data.map((one) => one.value));
  return [...data, ...chosen.filter((id) => !known.has(id)).map((id) => ({ value: id, label: id }))];
}
