/** «Условия»: sets of comparisons. All of one set must hold, and one set of them. */
import { Button, Select, Text, TextInput } from '@mantine/core';
import { Fragment, memo } from 'react';
import { AddIcon } from '../../../kit/icons';
import type { Comparison, Condition, ConditionSet, Slot } from '../../../sync/knowledge';
import type { Wrong } from '../checks';
import { aboutSlot, comparisonsOf, needsValue } from '../conditions';
import { conditionsText, type Names } from '../facts';
import { replaced, without } from '../../../kit/lists';
import { RowButtons } from '../record/RowButtons';
import { Fold } from '../record/Section';
import { useWords } from '../text';
import { slotName, useSlotList } from '../useNames';
import classes from '../knowledge.module.css';

interface Props {
  value: readonly ConditionSet[];
  onChange: (change: (sets: ConditionSet[]) => ConditionSet[]) => void;
  /** The article's own, which are offered first. */
  slotIds: readonly string[];
  wrong: Wrong;
  path: string;
  names: Names;
}

export const ConditionsFold = memo(function ConditionsFold({ value, onChange, slotIds, wrong, path, names }: Props) {
  const { t } = useWords();
  const slots = useSlotList().map((s) => s.value);
  const [first] = [...slots.filter((s) => slotIds.includes(s.slotId)), ...slots];
  const fresh: Condition = first ? aboutSlot({ slotId: '', comparison: 'EQUAL', value: '' }, first.slotId, first.type) : { slotId: '', comparison: 'EQUAL', value: '' };
  const setAt = (at: number, all: Condition[]) => onChange((sets) => (all.length > 0 ? replaced(sets, at, { all }) : without(sets, at)));
  const faulty = Object.keys(wrong).some((field) => field.startsWith(`${path}.`));
  return (
    <Fold inner title={t('kb.conditions')} summary={conditionsText(value, names, t) || t('kb.conditions.none')} wrong={faulty}>
      {value.map((set, at) => (
        <Fragment key={at}>
          {at > 0 && <Text size="sm" fw={600} className={classes.or}>{t('kb.or')}</Text>}
          <div className={classes.set} role="group" aria-label={`${t('kb.conditions')} ${at + 1}`}>
            {set.all.map((condition, n) => (
              <Row
                key={n} condition={condition} n={n} slots={slots} own={slotIds} wrong={wrong} path={`${path}.${at}.all.${n}`}
                change={(to) => setAt(at, replaced(set.all, n, to))} take={() => setAt(at, without(set.all, n))}
              />
            ))}
            <Button size="compact-sm" variant="subtle" leftSection={<AddIcon size={14} aria-hidden />} onClick={() => setAt(at, [...set.all, fresh])}>
              {t('kb.conditions.add')}
            </Button>
          </div>
        </Fragment>
      ))}
      <Button
        size="compact-sm" variant="default" leftSection={<AddIcon size={16} aria-hidden />} disabled={slots.length === 0} title={slots.length === 0 ? t('kb.slots.none') : undefined}
        onClick={() => onChange((sets) => [...sets, { all: [fresh] }])}
      >
        {t(value.length > 0 ? 'kb.conditions.or' : 'kb.conditions.add')}
      </Button>
    </Fold>
  );
});

interface RowProps {
  condition: Condition;
  n: number;
  slots: readonly Slot[];
  own: readonly string[];
  wrong: Wrong;
  path: string;
  change: (to: Condition) => void;
  take: () => void;
}

function Row({ condition, n, slots, own, wrong, path, change, take }: RowProps) {
  const { t } = useWords();
  const slot = slots.find((s) => s.slotId === condition.slotId);
  const option = (s: Slot) => ({ value: s.slotId, label: slotName(s) });
  const groups = [
    { group: t('kb.condition.own'), items: slots.filter((s) => own.includes(s.slotId)).map(option) },
    { group: t('kb.condition.others'), items: slots.filter((s) => !own.includes(s.slotId)).map(option) },
  ];
  return (
    <div className={classes.condition}>
      {n > 0 && <span className={classes.and}>{t('kb.and')}</span>}
      <Select
        className={classes.grow} aria-label={t('kb.condition.slot')} searchable allowDeselect={false} value={condition.slotId || null} error={wrong[`${path}.slot_id`]}
        data={groups.filter((g) => g.items.length > 0)}
        onChange={(id) => id && change(aboutSlot(condition, id, slots.find((s) => s.slotId === id)?.type ?? 'TEXT'))}
      />
      <Select
        w={140} aria-label={t('kb.condition.comparison')} allowDeselect={false} value={condition.comparison} error={wrong[`${path}.comparison`]}
        data={comparisonsOf(slot?.type ?? 'TEXT').map((c) => ({ value: c, label: t(`kb.comparison.${c}`) }))}
        onChange={(c) => c && change({ ...condition, comparison: c as Comparison, value: needsValue(c as Comparison) ? condition.value : '' })}
      />
      <div className={classes.grow}>
        {needsValue(condition.comparison) && <Value slot={slot} value={condition.value} error={wrong[`${path}.value`]} onChange={(value) => change({ ...condition, value })} />}
      </div>
      <RowButtons name="" take={t('kb.condition.delete', { number: n + 1 })} onTake={take} />
    </div>
  );
}

interface ValueProps {
  slot?: Slot;
  value: string;
  error?: string;
  onChange: (value: string) => void;
}

/** What a slot is compared with: chosen where there is a choice. */
function Value({ slot, value, error, onChange }: ValueProps) {
  const { t } = useWords();
  const common = { 'aria-label': t('kb.condition.value'), error };
  const choose = (data: { value: string; label: string }[]) => (
    <Select {...common} allowDeselect={false} value={value || null} data={data} onChange={(v) => v && onChange(v)} />
  );
  if (slot?.type === 'MATCH') return choose([{ value: 'true', label: t('kb.match.true') }, { value: 'false', label: t('kb.match.false') }]);
  if (slot?.type === 'DICTIONARY') return choose(slot.entries.map((e) => ({ value: e.id, label: e.caption || e.id })));
  return <TextInput {...common} inputMode={slot?.type === 'INTEGER' ? 'numeric' : undefined} value={value} onChange={(e) => onChange(e.currentTarget.value)} />;
}
