/** «Что улучшить»: where a new question or a new article helps most. */
import { Badge, Button, Group, Select, Table, Text, Title } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { BotArticle, BotReport } from '../../sync/bot';
import { articleAt, newArticleWith } from './place';
import { Reported } from './Reported';
import { useWords } from './text';
import classes from './bot.module.css';

export function Improve({ language, known }: { language: string; known: boolean }) {
  return (
    <Reported language={language} known={known}>
      {(report) => (
        <>
          <Unmet unmet={report.unmet} />
          <Articles articles={report.articles} />
          <Confused report={report} />
          <Conflicts report={report} />
        </>
      )}
    </Reported>
  );
}

function Part({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <section className={classes.card}>
      <Title order={2} size="h5">{title}</Title>
      <Text size="sm" c="dimmed">{text}</Text>
      {children}
    </section>
  );
}

function Unmet({ unmet }: { unmet: BotReport['unmet'] }) {
  const { t } = useWords();
  return (
    <Part title={t('bot.unmet')} text={unmet.length > 0 ? t('bot.unmet.text') : t('bot.unmet.none')}>
      {unmet.length > 0 && (
        <ul className={classes.list}>
          {unmet.map(({ texts, conversations }) => (
            <li key={texts[0]} className={classes.unmet}>
              <div className={classes.grow}>
                <Text size="sm" fw={600}>«{texts[0]}»</Text>
                {texts.length > 1 && <Text size="sm" c="dimmed">{texts.slice(1).map((text) => `«${text}»`).join(', ')}</Text>}
                <Text size="xs" c="dimmed">{t('bot.unmet.count', { count: conversations })}</Text>
              </div>
              <Button
                component={Link} href={newArticleWith(texts)} variant="default" size="compact-sm"
                aria-label={t('bot.unmet.create.of', { text: texts[0] ?? '' })}
              >
                {t('bot.unmet.create')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

const sorts = ['few', 'recall', 'precision'] as const;
type Sort = (typeof sorts)[number];

/** The articles that need attention first; those that were not tried come behind. */
export function sorted(articles: readonly BotArticle[], by: Sort): BotArticle[] {
  const value = (a: BotArticle) => (by === 'few' ? a.examples : a.trials > 0 ? a[by] : 2);
  return [...articles].sort((a, b) => value(a) - value(b));
}

const titleOf = (a: { title: string; identifier: string }) => a.title || a.identifier;
const step = 20;

function Articles({ articles }: { articles: BotArticle[] }) {
  const { t } = useWords();
  const [by, setBy] = useState<Sort>('few');
  const [shown, show] = useState<number>(step);
  const rows = useMemo(() => sorted(articles, by), [articles, by]);
  return (
    <section className={classes.card}>
      <Group justify="space-between">
        <Title order={2} size="h5">{t('bot.articles')}</Title>
        <Select
          size="xs" w={240} aria-label={t('bot.articles.sort')} allowDeselect={false} value={by} data={sorts.map((value) => ({ value, label: `${t('bot.articles.sort')}: ${t(`bot.articles.sort.${value}`)}` }))}
          onChange={(value) => setBy(sorts.find((s) => s === value) ?? 'few')}
        />
      </Group>
      {rows.length === 0 ? <Text size="sm" c="dimmed">{t('bot.articles.none')}</Text> : <ArticleTable rows={rows.slice(0, shown)} />}
      {rows.length > shown && <Button variant="default" size="compact-sm" style={{ alignSelf: 'flex-start' }} onClick={() => show(shown + 5 * step)}>{t('bot.more')}</Button>}
    </section>
  );
}

function ArticleTable({ rows }: { rows: BotArticle[] }) {
  const { t, number, percent } = useWords();
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table className={classes.table} aria-label={t('bot.articles')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('bot.article')}</Table.Th>
            <Table.Th w={190}>{t('bot.article.examples')}</Table.Th>
            <Table.Th w={160} title={t('bot.article.recall.hint')}>{t('bot.article.recall')}</Table.Th>
            <Table.Th w={190} title={t('bot.article.precision.hint')}>{t('bot.article.precision')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((a) => (
            <Table.Tr key={a.article_id}>
              <Table.Td><Link href={articleAt(a.article_id)} className={classes.link}>{titleOf(a)}</Link></Table.Td>
              <Table.Td>
                {number(a.examples)} {a.few && <Badge size="sm" variant="light" color="orange" tt="none" ml={6}>{t('bot.article.few')}</Badge>}
              </Table.Td>
              {a.trials > 0 ? (
                <>
                  <Table.Td>{percent(a.recall)}</Table.Td>
                  <Table.Td>{percent(a.precision)}</Table.Td>
                </>
              ) : (
                <Table.Td colSpan={2} c="dimmed">{t('bot.article.untried')}</Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** An article by its id, as people call it, and the way to it. */
function useArticleLink(articles: BotArticle[]): (id: string, none: string) => ReactNode {
  const byId = useMemo(() => new Map(articles.map((a) => [a.article_id, a])), [articles]);
  return (id, none) => {
    const a = byId.get(id);
    if (id === '') return <Text span inherit c="dimmed">{none}</Text>;
    return a ? <Link href={articleAt(id)} className={classes.link}>{titleOf(a)}</Link> : id;
  };
}

function Confused({ report: { confused, articles } }: { report: BotReport }) {
  const { t, number } = useWords();
  const link = useArticleLink(articles);
  return (
    <Part title={t('bot.confused')} text={confused.length > 0 ? t('bot.confused.text') : t('bot.confused.none')}>
      {confused.length > 0 && (
        <Table.ScrollContainer minWidth={480}>
          <Table className={classes.table} aria-label={t('bot.confused')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('bot.confused.right')}</Table.Th>
                <Table.Th>{t('bot.confused.taken')}</Table.Th>
                <Table.Th w={80}>{t('bot.confused.count')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {confused.map((c) => (
                <Table.Tr key={`${c.article_id} ${c.taken_for}`}>
                  <Table.Td>{link(c.article_id, t('bot.noArticle'))}</Table.Td>
                  <Table.Td>{link(c.taken_for, t('bot.confused.nothing'))}</Table.Td>
                  <Table.Td>{number(c.count)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Part>
  );
}

function Conflicts({ report: { conflicts, articles } }: { report: BotReport }) {
  const { t } = useWords();
  const link = useArticleLink(articles);
  return (
    <Part title={t('bot.conflicts')} text={conflicts.length > 0 ? t('bot.conflicts.text') : t('bot.conflicts.none')}>
      {conflicts.length > 0 && (
        <Table className={classes.table} aria-label={t('bot.conflicts')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('bot.conflicts.phrase')}</Table.Th>
              <Table.Th>{t('bot.conflicts.articles')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {conflicts.map((c) => (
              <Table.Tr key={c.text}>
                <Table.Td>«{c.text}»</Table.Td>
                <Table.Td>{c.articles.map((id, i) => <span key={id}>{i > 0 && ', '}{link(id, t('bot.noArticle'))}</span>)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Part>
  );
}
