/** Templates or the knowledge base: there is room for one. */
import { SegmentedControl } from '@mantine/core';
import { useText } from '../../../i18n';
import classes from './knowledge.module.css';

export type Part = 'templates' | 'knowledge';

export function Parts({ part, onPart }: { part: Part; onPart: (part: Part) => void }) {
  const { t } = useText();
  const parts = [{ value: 'templates', label: t('side.templates.short') }, { value: 'knowledge', label: t('side.kb') }];
  return (
    <div className={classes.parts}>
      <SegmentedControl fullWidth size="xs" aria-label={t('side.parts')} data={parts} value={part} onChange={(value) => onPart(value as Part)} />
    </div>
  );
}
