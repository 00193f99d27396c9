/** The slots that an article asks for, in their order. */
import { Select, Text } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'wouter';
import { moved, without } from '../../../kit/lists';
import { root } from '../place';
import { RowButtons } from '../record/RowButtons';
import { Section } from '../record/Section';
import { useWords } from '../text';
import { slotName, useSlotList } from '../useNames';
import type { FieldProps } from './ArticleEditor';
import classes from '../knowledge.module.css';

export const SlotOrder = memo(function SlotOrder({ value, onChange }: FieldProps<'slotIds'>) {
  const { t } = useWords();
  const slots = useSlotList();
  const left = slots.filter((s) => !value.includes(s.value.slotId));
  return (
    <Section title={t('kb.slots')} hint={t('kb.slots.hint')}>
      {value.length > 0 && (
        <ol className={classes.list}>
          {value.map((id, at) => {
            const slot = slots.find((s) => s.value.slotId === id)?.value;
            const name = slot ? slotName(slot) : id;
            return (
              <li key={id} className={classes.listRow}>
                <span className={classes.ordinal} aria-hidden>{at + 1}</span>
                <span className={classes.grow}>
                  <Link href={`${root}/slots/${encodeURIComponent(id)}`} className={classes.rowLink}>{name}</Link>
                  {slot && <Text span size="sm" c="dimmed"> · {t(`kb.slot.type.${slot.type}`)}{slot.kind === 'INFERRED' && `, ${t('kb.slots.hidden')}`}</Text>}
                </span>
                <RowButtons
                  name={name} first={at === 0} last={at === value.length - 1} onMove={(by) => onChange((all) => moved(all, at, by))}
                  take={t('kb.take', { name })} onTake={() => onChange((all) => without(all, at))}
                />
              </li>
            );
          })}
        </ol>
      )}
      <Select
        key={value.length} aria-label={t('kb.slots.add')} placeholder={slots.length > 0 ? t('kb.slots.add') : t('kb.slots.none')} disabled={left.length === 0}
        searchable maw={460} value={null} data={left.map((s) => ({ value: s.value.slotId, label: slotName(s.value) }))}
        onChange={(id) => id && onChange((all) => [...all, id])}
      />
    </Section>
  );
});
