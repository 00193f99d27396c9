/** For whom words are: a center, a line of it, a language; nothing is everybody. And what becomes of them. */
import { Select, Text } from '@mantine/core';
import type { For as Whom, Organisation } from '../../sync/organisation';
import { useWords } from './text';
import sheet from '../../kit/sheet/sheet.module.css';
import classes from './topics.module.css';

interface Props {
  all: Organisation;
  value: Whom;
  change: (whom: Whom) => void;
}

export function ForWhom({ all, value, change }: Props) {
  const { t } = useWords();
  const lines = all.lines.filter((l) => value.center_id === '' || l.center_id === value.center_id);
  return (
    <section className={sheet.part}>
      <h3>{t('tp.for')}</h3>
      <div className={sheet.two}>
        <Select
          label={t('tp.for.center')} allowDeselect={false} data={[{ value: '', label: t('tp.for.any') }, ...all.centers.map((c) => ({ value: c.center_id, label: c.name || c.center_id }))]}
          value={value.center_id} onChange={(id) => change({ ...value, center_id: id ?? '', line_id: '' })}
        />
        <Select
          label={t('tp.for.line')} allowDeselect={false} data={[{ value: '', label: t('tp.for.any.line') }, ...lines.map((l) => ({ value: l.line_id, label: l.name || l.line_id }))]}
          value={value.line_id} onChange={(id) => change({ ...value, line_id: id ?? '', center_id: lines.find((l) => l.line_id === id)?.center_id ?? value.center_id })}
        />
        <Select
          label={t('tp.for.language')} allowDeselect={false} data={[{ value: '', label: t('tp.for.any') }, ...all.languages.map((l) => ({ value: l.language, label: l.name || l.language }))]}
          value={value.language} onChange={(id) => change({ ...value, language: id ?? '' })}
        />
      </div>
    </section>
  );
}

/** «Москва · Доставка · русский»; empty is everybody. */
export function whomOf(all: Organisation, { center_id, line_id, language }: Whom): string {
  const center = all.centers.find((c) => c.center_id === center_id);
  const line = all.lines.find((l) => l.line_id === line_id);
  const spoken = all.languages.find((l) => l.language === language);
  return [center?.name || center_id, line?.name || line_id, spoken?.name || language].filter(Boolean).join(' · ');
}

export function Preview({ text }: { text: string }) {
  const { t } = useWords();
  if (!text.trim()) return null;
  return (
    <section className={sheet.part}>
      <h3>{t('tp.preview')}</h3>
      <Text component="p" size="sm" className={classes.bubble}>{text.trim()}</Text>
    </section>
  );
}
