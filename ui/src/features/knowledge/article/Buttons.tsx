/** The buttons below an answer: each leads to another article. */
import { ActionIcon, Autocomplete, Button, TextInput } from '@mantine/core';
import { memo, useState } from 'react';
import { ConfirmDialog, Hint } from '../../../kit';
import { AddIcon, BookIcon } from '../../../kit/icons';
import { articles, useArticles, useEntry, type Article, type ArticleButton, type ArticleRow } from '../../../sync/knowledge';
import type { Wrong } from '../checks';
import { moved, replaced, without } from '../../../kit/lists';
import { RowButtons } from '../record/RowButtons';
import { useWords } from '../text';
import { Peek } from './Peek';
import classes from '../knowledge.module.css';

interface Props {
  value: readonly ArticleButton[];
  onChange: (change: (buttons: ArticleButton[]) => ArticleButton[]) => void;
  wrong: Wrong;
  path: string;
}

export const Buttons = memo(function Buttons({ value, onChange, wrong, path }: Props) {
  const { t } = useWords();
  return (
    <div>
      {value.length > 0 && (
        <ol className={classes.list}>
          {value.map((button, at) => (
            <Row
              key={at} button={button} at={at} last={at === value.length - 1} wrong={wrong} path={`${path}.${at}`}
              change={(to) => onChange((all) => replaced(all, at, to))} move={(by) => onChange((all) => moved(all, at, by))} remove={() => onChange((all) => without(all, at))}
            />
          ))}
        </ol>
      )}
      <Button
        size="compact-sm" variant="default" mt={value.length > 0 ? 8 : 0} leftSection={<AddIcon size={16} aria-hidden />}
        onClick={() => onChange((all) => [...all, { caption: '', articleId: '' }])}
      >
        {t('kb.button.add')}
      </Button>
    </div>
  );
});

interface RowProps {
  button: ArticleButton;
  at: number;
  last: boolean;
  wrong: Wrong;
  path: string;
  change: (to: ArticleButton) => void;
  move: (by: -1 | 1) => void;
  remove: () => void;
}

function Row({ button, at, last, wrong, path, change, move, remove }: RowProps) {
  const { t } = useWords();
  const [peek, setPeek] = useState(false);
  const [asked, ask] = useState(false);
  const { data } = useEntry(articles, button.articleId);
  const target = button.articleId ? data?.value : undefined;
  const name = button.caption || t('kb.button.number', { number: at + 1 });
  return (
    <li className={classes.buttonRow} aria-label={t('kb.button.number', { number: at + 1 })}>
      <Target
        button={button} target={target} error={wrong[`${path}.article_id`]}
        choose={(to) => change({ articleId: to.articleId, caption: button.caption.trim() || to.title || to.identifier })}
        forget={() => change({ ...button, articleId: '' })}
      />
      <TextInput
        className={classes.grow} label={t('kb.button.caption')} value={button.caption} error={wrong[`${path}.caption`]}
        onChange={(e) => change({ ...button, caption: e.currentTarget.value })}
      />
      <div className={classes.buttonEnds}>
        <Hint label={t('kb.button.peek', { name })} disabled={!target}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('kb.button.peek', { name })} disabled={!target} onClick={() => setPeek(true)}>
            <BookIcon size={16} aria-hidden />
          </ActionIcon>
        </Hint>
        <RowButtons name={name} first={at === 0} last={last} onMove={move} take={t('kb.button.delete', { name })} onTake={() => ask(true)} />
      </div>
      {peek && target && <Peek articleId={target.articleId} onClose={() => setPeek(false)} />}
      <ConfirmDialog
        opened={asked} danger title={t('kb.button.delete.title', { name })} text={t('kb.button.delete.text')} confirm={t('kb.delete')} onCancel={() => ask(false)}
        onConfirm={() => {
          ask(false);
          remove();
        }}
      />
    </li>
  );
}

interface TargetProps {
  button: ArticleButton;
  target?: Article;
  error?: string;
  choose: (article: ArticleRow) => void;
  forget: () => void;
}

const hits = 10;

/** Where a button leads: the identifier, found by itself or by the title. */
function Target({ button, target, error, choose, forget }: TargetProps) {
  const { t } = useWords();
  // What is typed holds until an article is chosen.
  const [typed, setTyped] = useState<string>();
  const text = typed ?? target?.identifier ?? button.articleId;
  const { data } = useArticles({ query: typed?.trim() ?? '', sort: 'identifier', order: 'asc', limit: hits, offset: 0 });
  const found = typed !== undefined ? (data?.items ?? []).map((one) => one.value) : [];
  const take = (identifier: string) => {
    const one = found.find((article) => article.identifier.toLocaleLowerCase() === identifier.trim().toLocaleLowerCase());
    if (!one) return;
    choose(one);
    setTyped(undefined);
  };
  return (
    <Autocomplete
      className={classes.grow} label={t('kb.button.target')} value={text} error={error} data={found.map((article) => article.identifier)}
      filter={({ options }) => options}
      renderOption={({ option }) => {
        const article = found.find((one) => one.identifier === option.value);
        return <span className={classes.option}><span>{article?.title || option.value}</span><span className={classes.dim}>{option.value}</span></span>;
      }}
      onChange={(now) => {
        setTyped(now);
        if (button.articleId && now !== target?.identifier) forget();
      }}
      onOptionSubmit={take} onBlur={() => typed !== undefined && take(typed)}
    />
  );
}
