/**
 * The tree of topics: one stop of the Tab key, arrows walk, Alt with arrows
 * moves, the mouse drags. What was moved is told to who does not see it.
 */
import { ActionIcon, Menu, Text, VisuallyHidden } from '@mantine/core';
import { useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import { complain, Empty, say, useReason } from '../../kit';
import { ArchiveIcon, ArrowDownIcon, ArrowLeftIcon, ArrowUpIcon, AddIcon, ChevronDownIcon, ChevronRightIcon, DotsIcon, EditIcon, UndoIcon } from '../../kit/icons';
import { useOurWords } from '../../kit/sheet/OurWords';
import { useWords as useSheetWords } from '../../kit/sheet/text';
import { fresh } from '../../kit/sheet/useTabPlace';
import { problemOf } from '../../sync';
import { moveTopic, putEntry, type Organisation, type Topic } from '../../sync/organisation';
import { branches, isWithin, spotOf, under, type Branch, type Spot, type Way } from './branches';
import type { PartProps } from './TopicsPage';
import { useWords } from './text';
import classes from './topics.module.css';

interface Props {
  all: Organisation;
  topics: Topic[];
  query: string;
  place: PartProps['place'];
}

type Over = { id: string; where: 'before' | 'in' | 'after' } | undefined;

const ways: Record<string, Way> = { ArrowUp: 'up', ArrowDown: 'down', ArrowRight: 'in', ArrowLeft: 'out' };

export function Tree({ all, topics, query, place }: Props) {
  const { t } = useWords();
  const sheet = useSheetWords();
  const [folded, fold] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState('');
  const [dragged, drag] = useState('');
  const [over, setOver] = useState<Over>();
  const root = useRef<HTMLUListElement>(null);
  const { move, told, archive } = useActs(all);
  const shown = branches(topics, folded, query);
  const stop = shown.some((b) => b.topic.topic_id === current) ? current : (shown[0]?.topic.topic_id ?? '');
  const focus = (id: string | undefined) => id !== undefined && root.current?.querySelector<HTMLElement>(`[data-topic="${CSS.escape(id)}"]`)?.focus();
  const turn = (id: string, open: boolean) => fold((now) => new Set(open ? [...now].filter((x) => x !== id) : [...now, id]));
  const go = (topic: Topic, spot: Spot | undefined) => {
    if (!spot) return;
    turn(spot.parent, true);
    void move(topic, spot).then(() => requestAnimationFrame(() => focus(topic.topic_id)));
  };

  const onKeyDown = (e: KeyboardEvent, b: Branch) => {
    if (e.target !== e.currentTarget || e.ctrlKey || e.metaKey) return;
    const { topic } = b;
    const at = shown.indexOf(b);
    const way = e.altKey ? ways[e.key] : undefined;
    if (way) go(topic, spotOf(topics, topic, way));
    else if (e.altKey) return;
    else if (e.key === 'ArrowDown') focus(shown[at + 1]?.topic.topic_id);
    else if (e.key === 'ArrowUp') focus(shown[at - 1]?.topic.topic_id);
    else if (e.key === 'Home') focus(shown[0]?.topic.topic_id);
    else if (e.key === 'End') focus(shown.at(-1)?.topic.topic_id);
    else if (e.key === 'ArrowRight' && b.children > 0) {
      if (folded.has(topic.topic_id)) turn(topic.topic_id, true);
      else focus(shown[at + 1]?.topic.topic_id);
    } else if (e.key === 'ArrowLeft') {
      if (b.children > 0 && !folded.has(topic.topic_id)) turn(topic.topic_id, false);
      else focus(topic.parent_id || undefined);
    } else if (e.key === 'Enter' || e.key === ' ') place.show(topic.topic_id);
    else if (e.key === 'Delete' && !topic.archived) void archive(topic, true);
    else return;
    e.preventDefault();
    e.stopPropagation();
  };

  const onDrop = (e: DragEvent, b: Branch) => {
    e.preventDefault();
    const topic = all.topics.find((x) => x.topic_id === dragged);
    if (topic && over) go(topic, dropped(topics, topic, b.topic, over.where));
    setOver(undefined);
    drag('');
  };

  if (shown.length === 0) return <Empty title={sheet.t('sheet.unfound')} text={sheet.t('sheet.unfound.text')} />;
  return (
    <>
      <ul ref={root} role="tree" aria-label={t('tp.tree')} className={classes.tree}>
        {shown.map((b) => {
          const { topic, level } = b;
          const id = topic.topic_id;
          return (
            <li
              key={id} role="treeitem" data-topic={id} aria-level={level} aria-posinset={b.at + 1} aria-setsize={b.of} aria-selected={id === stop} tabIndex={id === stop ? 0 : -1}
              aria-expanded={b.children > 0 ? !folded.has(id) : undefined} aria-label={topic.archived ? `${topic.name || id}, ${t('tp.archived')}` : topic.name || id}
              className={classes.topic} style={{ paddingInlineStart: 8 + (level - 1) * 26 }} data-over={over?.id === id ? over.where : undefined} data-archived={topic.archived || undefined}
              draggable onFocus={() => setCurrent(id)} onKeyDown={(e) => onKeyDown(e, b)} onDragStart={() => drag(id)} onDragEnd={() => { drag(''); setOver(undefined); }}
              onDragOver={(e) => {
                if (!dragged || isWithin(topics, id, dragged)) return;
                e.preventDefault();
                setOver({ id, where: whereOf(e) });
              }}
              onDrop={(e) => onDrop(e, b)}
            >
              <span className={classes.chevron} aria-hidden onClick={() => b.children > 0 && turn(id, folded.has(id))}>
                {b.children > 0 && (folded.has(id) ? <ChevronRightIcon size={16} /> : <ChevronDownIcon size={16} />)}
              </span>
              <span className={classes.name} onClick={() => place.show(id)}>{topic.name || id}</span>
              {topic.archived && <Text span size="xs" c="dimmed">{t('tp.archived')}</Text>}
              <Counts all={all} id={id} />
              <Acts topic={topic} topics={topics} stop={id === stop} go={(way) => go(topic, spotOf(topics, topic, way))} archive={archive} place={place} />
            </li>
          );
        })}
      </ul>
      <VisuallyHidden role="status">{told}</VisuallyHidden>
    </>
  );
}

/** In front of it, behind it, or into it, by how high the pointer is. */
function whereOf(e: DragEvent): 'before' | 'in' | 'after' {
  const { top, height } = e.currentTarget.getBoundingClientRect();
  const part = (e.clientY - top) / height;
  return part < 0.28 ? 'before' : part > 0.72 ? 'after' : 'in';
}

function dropped(topics: readonly Topic[], topic: Topic, onto: Topic, where: 'before' | 'in' | 'after'): Spot {
  if (where === 'in') return { parent: onto.topic_id, before: '' };
  if (where === 'before') return { parent: onto.parent_id, before: onto.topic_id };
  const beside = under(topics, onto.parent_id).filter((x) => x.topic_id !== topic.topic_id);
  return { parent: onto.parent_id, before: beside[beside.findIndex((x) => x.topic_id === onto.topic_id) + 1]?.topic_id ?? '' };
}

function Counts({ all, id }: { all: Organisation; id: string }) {
  const { t } = useWords();
  const used = all.uses.find((u) => u.kind === 'topic' && u.id === id);
  const articles = used?.by.filter((u) => u.kind === 'article').length ?? 0;
  const said = [(used?.conversations ?? 0) > 0 && t('tp.used', { count: used!.conversations }), articles > 0 && t('tp.articles', { count: articles })].filter(Boolean).join(' · ');
  return <span className={classes.counts}>{said}</span>;
}

function useActs(all: Organisation) {
  const { t } = useWords();
  const reason = useReason();
  const ours = useOurWords();
  const [told, tell] = useState('');
  const wrong = (thrown: unknown) => {
    const problem = problemOf(thrown);
    complain([409, 422].includes(problem.status) && problem.detail ? ours(problem.detail) : reason(thrown));
  };
  const move = async (topic: Topic, { parent, before }: Spot) => {
    try {
      await moveTopic(topic.topic_id, parent, before, topic.revision);
      const beside = under(all.topics, parent).filter((x) => x.topic_id !== topic.topic_id);
      const to = before ? beside.findIndex((x) => x.topic_id === before) : beside.length;
      const values = { name: topic.name, place: to + 1, of: beside.length + 1 };
      const above = all.topics.find((x) => x.topic_id === parent);
      tell(above ? t('tp.moved.at', { ...values, parent: above.name }) : t('tp.moved.top', values));
    } catch (thrown) {
      wrong(thrown);
    }
  };
  const archive = async ({ topic_id, name, parent_id, revision }: Topic, archived: boolean) => {
    try {
      await putEntry('topics', topic_id, { name, parent_id, archived }, revision);
      say(t(archived ? 'tp.archived.said' : 'tp.restored.said', { name }));
    } catch (thrown) {
      wrong(thrown);
    }
  };
  return { move, told, archive };
}

interface ActsProps {
  topic: Topic;
  topics: readonly Topic[];
  stop: boolean;
  go: (way: Way) => void;
  archive: (topic: Topic, archived: boolean) => Promise<void>;
  place: PartProps['place'];
}

function Acts({ topic, topics, stop, go, archive, place }: ActsProps) {
  const { t } = useWords();
  const way = (to: Way, icon: React.ReactNode) => (
    <Menu.Item leftSection={icon} disabled={!spotOf(topics, topic, to)} onClick={() => go(to)}>{t(`tp.act.${to}`)}</Menu.Item>
  );
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" tabIndex={stop ? 0 : -1} aria-label={t('tp.actions', { name: topic.name })}><DotsIcon size={16} aria-hidden /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<EditIcon size={14} aria-hidden />} onClick={() => place.show(topic.topic_id)}>{t('tp.act.open')}</Menu.Item>
        <Menu.Item leftSection={<AddIcon size={14} aria-hidden />} onClick={() => place.show(`${fresh}:${topic.topic_id}`)}>{t('tp.act.add')}</Menu.Item>
        <Menu.Divider />
        {way('up', <ArrowUpIcon size={14} aria-hidden />)}
        {way('down', <ArrowDownIcon size={14} aria-hidden />)}
        {way('in', <ChevronRightIcon size={14} aria-hidden />)}
        {way('out', <ArrowLeftIcon size={14} aria-hidden />)}
        <Menu.Divider />
        {topic.archived ? (
          <Menu.Item leftSection={<UndoIcon size={14} aria-hidden />} onClick={() => void archive(topic, false)}>{t('tp.act.restore')}</Menu.Item>
        ) : (
          <Menu.Item leftSection={<ArchiveIcon size={14} aria-hidden />} onClick={() => void archive(topic, true)}>{t('tp.act.archive')}</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
