import { Button, Group, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { Empty } from '../../kit';
import { AddIcon, SearchIcon, TopicIcon } from '../../kit/icons';
import { useWords as useSheetWords } from '../../kit/sheet/text';
import { fresh } from '../../kit/sheet/useTabPlace';
import type { PartProps } from './TopicsPage';
import { TopicForm } from './TopicForm';
import { Tree } from './Tree';
import { useWords } from './text';
import classes from '../../kit/sheet/sheet.module.css';

export function TreeTab({ all, place }: PartProps) {
  const { t } = useWords();
  const words = useSheetWords();
  const [archived, setArchived] = useState(() => all.topics.some((x) => x.archived && x.topic_id === place.open));
  const [asked, parent = ''] = place.open.split(':');
  const topic = all.topics.find((x) => x.topic_id === place.open);
  // A topic that is offered keeps those above it in sight.
  const shown = archived ? all.topics : all.topics.filter((x) => !x.archived || all.topics.some((child) => !child.archived && child.parent_id === x.topic_id));
  return (
    <>
      <div className={classes.head}>
        <p className={classes.lead}>{t('tp.tree.lead')} {t('tp.tree.keys')}</p>
        <Button component={Link} href={place.hrefOf(fresh)} leftSection={<AddIcon size={16} aria-hidden />} flex="none">{t('tp.tree.add')}</Button>
      </div>
      {all.topics.length === 0 ? <Empty icon={<TopicIcon size={32} aria-hidden />} title={t('tp.tree.none')} text={t('tp.tree.none.text')} /> : (
        <>
          <Group>
            <TextInput
              type="search" w={360} aria-label={words.t('sheet.search')} placeholder={words.t('sheet.search')} leftSection={<SearchIcon size={16} aria-hidden />}
              value={place.query} onChange={(e) => place.search(e.currentTarget.value)}
            />
            <Switch label={t('tp.tree.archived')} checked={archived} onChange={(e) => setArchived(e.currentTarget.checked)} />
          </Group>
          <Tree all={all} topics={shown} query={place.query} place={place} />
        </>
      )}
      {(topic || asked === fresh) && <TopicForm key={place.open} all={all} topic={topic} parent={parent} place={place} />}
    </>
  );
}
