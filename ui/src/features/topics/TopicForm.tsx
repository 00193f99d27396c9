import { Select, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { newId } from '../../sync';
import { Sheet } from '../../kit/sheet/Sheet';
import { useWords as useSheetWords } from '../../kit/sheet/text';
import { UsedPart, type Use } from '../../kit/sheet/UsedBy';
import { useEditing } from '../../kit/sheet/useEditing';
import { topicPath } from '../../sync/names';
import { putEntry, removeTopicForGood, type Topic } from '../../sync/organisation';
import { isWithin } from './branches';
import type { PartProps } from './TopicsPage';
import { useWords } from './text';

export function TopicForm({ all, topic: now, parent, place }: PartProps & { topic?: Topic; parent: string }) {
  const { t } = useWords();
  const words = useSheetWords();
  const [topic] = useState(now);
  const used = all.uses.find((u) => u.kind === 'topic' && u.id === topic?.topic_id);
  const editing = useEditing({
    begin: () => ({ name: topic?.name ?? '', parent: topic?.parent_id ?? parent, archived: topic?.archived ?? false }),
    check: (v) => ({ name: v.name.trim() ? undefined : words.t('sheet.need') }),
    put: (v) => putEntry<Topic>('topics', topic?.topic_id ?? newId(), { name: v.name.trim(), parent_id: v.parent, archived: v.archived }, topic?.revision),
    fieldOf: (named) => ({ name: 'name', parent_id: 'parent', archived: 'archived' } as const)[named],
    said: t('tp.topic.saved'), done: () => place.show(''),
  });
  const { value, wrong, set } = editing;
  const name = topic ? topic.name || topic.topic_id : t('tp.tree.add');
  const known = all.topics.map((x) => ({ topicId: x.topic_id, parentId: x.parent_id, name: x.name }));
  const parents = all.topics
    .filter((x) => !topic || !isWithin(all.topics, x.topic_id, topic.topic_id))
    .map((x) => ({ value: x.topic_id, label: topicPath(known, x.topic_id) }))
    .sort((a, b) => a.label.localeCompare(b.label, 'ru'));
  return (
    <Sheet
      title={name} editing={editing} close={() => place.show('')}
      remove={topic?.archived ? {
        title: t('tp.topic.delete', { name }), text: t('tp.topic.delete.text'), name, run: () => removeTopicForGood(topic.topic_id).then(() => undefined),
        said: t('tp.deleted', { name }), users: standing(used?.by ?? [], used?.conversations ?? 0, words.number),
      } : undefined}
    >
      <TextInput label={t('tp.name')} withAsterisk data-autofocus value={value.name} error={wrong.name} onChange={(e) => set({ name: e.currentTarget.value })} />
      <Select
        label={t('tp.topic.parent')} searchable data={[{ value: '', label: t('tp.topic.parent.none') }, ...parents]} value={value.parent} error={wrong.parent} allowDeselect={false}
        onChange={(id) => set({ parent: id ?? '' })}
      />
      {topic && <Switch label={t('tp.topic.archive')} checked={value.archived} onChange={(e) => set({ archived: e.currentTarget.checked })} />}
      {topic && <UsedPart users={used?.by ?? []} conversations={used?.conversations} />}
      {topic && <Text size="xs" c="dimmed">{t('tp.topic.delete.hint')}</Text>}
    </Sheet>
  );
}

/** Conversations stand in the way too. */
function standing(by: Use[], conversations: number, number: (n: number) => string): Use[] {
  return conversations > 0 ? [...by, { kind: 'conversations', id: 'conversations', name: number(conversations) }] : by;
}
