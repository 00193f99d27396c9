/** «Тематики»: what the conversation is about from then on; a new topic is made on the spot. */
import { Button, Group, Select, TextInput } from '@mantine/core';
import { memo, useState } from 'react';
import { complain, say } from '../../../kit';
import { AddIcon } from '../../../kit/icons';
import { problemOf, useSession, useWorkplace } from '../../../sync';
import { addTopic } from '../../../sync/knowledge';
import { useNames } from '../../../sync/names';
import { Fold } from '../record/Section';
import { useOurReason } from '../sentences';
import { useWords } from '../text';
import type { FieldProps } from './ArticleEditor';
import classes from '../knowledge.module.css';

export const TopicFold = memo(function TopicFold({ value, onChange }: FieldProps<'topicId'>) {
  const { t } = useWords();
  const { may } = useSession();
  const [adding, add] = useState(false);
  const options = useTopicOptions(value);
  const { topicPath } = useNames();
  return (
    <Fold title={t('kb.topic')} summary={value ? topicPath(value) : t('kb.none')}>
      <Group align="end" gap="xs">
        <Select
          className={classes.grow} label={t('kb.topic.one')} description={t('kb.topic.hint')} placeholder={t('kb.none')} searchable clearable value={value || null} data={options}
          clearButtonProps={{ 'aria-label': `${t('kb.topic.one')}: ${t('kb.none')}` }} onChange={(id) => onChange(() => id ?? '')}
        />
        {may('modify_configuration') && !adding && (
          <Button variant="default" leftSection={<AddIcon size={16} aria-hidden />} onClick={() => add(true)}>{t('kb.topic.add')}</Button>
        )}
      </Group>
      {adding && (
        <NewTopic
          onMade={(id) => {
            add(false);
            onChange(() => id);
          }}
          onCancel={() => add(false)}
        />
      )}
    </Fold>
  );
});

/** Topics by their paths; an archived one only if it is chosen. */
function useTopicOptions(chosen: string) {
  const { t } = useWords();
  const { topics } = useWorkplace();
  const { topicPath } = useNames();
  return topics
    .filter((topic) => !topic.archived || topic.topicId === chosen)
    .map(({ topicId, archived }) => ({ value: topicId, label: archived ? t('kb.topic.archived', { name: topicPath(topicId) }) : topicPath(topicId) }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

function NewTopic({ onMade, onCancel }: { onMade: (id: string) => void; onCancel: () => void }) {
  const { t } = useWords();
  const reason = useOurReason();
  const [name, setName] = useState('');
  const [parent, setParent] = useState('');
  const [busy, setBusy] = useState(false);
  const options = useTopicOptions('');
  const make = async () => {
    setBusy(true);
    try {
      const id = await addTopic(name.trim(), parent);
      say(t('kb.topic.made', { name: name.trim() }));
      onMade(id);
    } catch (thrown) {
      complain(reason(problemOf(thrown)));
      setBusy(false);
    }
  };
  return (
    <div className={classes.set} role="group" aria-label={t('kb.topic.add')}>
      <TextInput
        label={t('kb.topic.name')} value={name} autoFocus onChange={(e) => setName(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key !== 'Enter') return;
          e.preventDefault();
          if (name.trim()) void make();
        }}
      />
      <Select
        label={t('kb.topic.parent')} placeholder={t('kb.none')} searchable clearable value={parent || null} data={options} onChange={(id) => setParent(id ?? '')}
        clearButtonProps={{ 'aria-label': `${t('kb.topic.parent')}: ${t('kb.none')}` }}
      />
      <Group gap="xs">
        <Button size="compact-sm" loading={busy} disabled={name.trim() === ''} onClick={() => void make()}>{t('kb.create')}</Button>
        <Button size="compact-sm" variant="default" onClick={onCancel}>{t('kit.cancel')}</Button>
      </Group>
    </div>
  );
}
