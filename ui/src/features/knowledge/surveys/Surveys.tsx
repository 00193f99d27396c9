/** «Результаты опросов»: what customers answered in a period, counted and one by one. */
import { Badge, Button, Group, Progress, Select, Table, Text, TextInput, Title } from '@mantine/core';
import { useMemo } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { Empty, Failure, Lines } from '../../../kit';
import { dayAgo, dayAt } from '../../../kit/day';
import { DownloadIcon } from '../../../kit/icons';
import { useSession } from '../../../sync';
import { useNames } from '../../../sync/names';
import { surveysURL, useSurveys, useSurveySummary, type SurveyAnswer, type SurveyQuery, type SurveyQuestion, type SurveyResult, type SurveySummary } from '../../../sync/surveys';
import { surveysAt } from '../place';
import { useWords } from './text';
import classes from './surveys.module.css';

interface Wish {
  article: string;
  from: string;
  to: string;
}

const queryOf = ({ article, from, to }: Wish): SurveyQuery => ({ articleId: article, from: dayAt(from), until: dayAt(to, 1) });

export default function Surveys() {
  const { t } = useWords();
  const { wish, go } = useWish();
  const query = useMemo(() => queryOf(wish), [wish]);
  // What there is to choose from are the surveys of the period.
  const all = useSurveySummary({ ...query, articleId: '' }).data?.articles;
  const counted = useSurveySummary(query);
  const listed = useSurveys(query);
  const error = listed.error ?? counted.error;
  return (
    <>
      <search className={classes.filters} aria-label={t('sv.filters')}>
        <Select
          w={260} size="sm" label={t('sv.article')} allowDeselect={false} value={wish.article} onChange={(article) => go({ article: article ?? '' })}
          data={[{ value: '', label: t('sv.article.any') }, ...kinds(all ?? [], wish.article)]}
        />
        <TextInput type="date" size="sm" label={t('sv.from')} value={wish.from} max={wish.to} onChange={(e) => go({ from: e.currentTarget.value })} />
        <TextInput type="date" size="sm" label={t('sv.to')} value={wish.to} min={wish.from} onChange={(e) => go({ to: e.currentTarget.value })} />
        <Button
          component="a" href={surveysURL(query)} download variant="default" ml="auto" leftSection={<DownloadIcon size={16} aria-hidden />} title={t('sv.download.hint')}
        >
          {t('sv.download')}
        </Button>
      </search>
      {listed.data && counted.data ? (
        <Results results={listed.data.items} more={!!listed.data.next} counted={counted.data} wish={wish} />
      ) : error ? <Failure problem={error} retry={() => void Promise.all([listed.refetch(), counted.refetch()])} /> : <Lines rows={8} height={28} />}
    </>
  );
}

/** The filters are in the address; a month is shown if it names none. */
function useWish() {
  const [, navigate] = useLocation();
  const query = useSearch();
  const wish = useMemo<Wish>(() => {
    const said = new URLSearchParams(query);
    return { article: said.get('article') ?? '', from: said.get('from') ?? dayAgo(30), to: said.get('to') ?? dayAgo(0) };
  }, [query]);
  const go = (change: Partial<Wish>) => navigate(`${surveysAt}?${new URLSearchParams({ ...wish, ...change }).toString()}`, { replace: true });
  return { wish, go };
}

/** The surveys that there are, by their titles. */
function kinds(articles: SurveySummary['articles'], chosen: string) {
  const titles = new Map(articles.map((r) => [r.article_id, r.title || r.article_id]));
  if (chosen && !titles.has(chosen)) titles.set(chosen, chosen);
  return [...titles].map(([value, label]) => ({ value, label }));
}

function Results({ results, more, counted, wish }: { results: SurveyResult[]; more: boolean; counted: SurveySummary; wish: Wish }) {
  const { t, dateTime } = useWords();
  if (results.length === 0) {
    const kind = wish.article ? 'sv.none.found' : 'sv.none';
    return <Empty title={t(kind)} text={t(`${kind}.text`)} />;
  }
  return (
    <>
      <Text size="sm" c="dimmed" role="status">
        {t('sv.count', { count: counted.surveys })}{counted.since && ` ${t('sv.since', { at: dateTime(Date.parse(counted.since)) })}`}
      </Text>
      <section className={classes.section}>
        <Title order={2} size="h5">{t('sv.summary')}</Title>
        <div className={classes.questions}>
          {counted.questions.map((q) => <Counted key={`${q.article_id} ${q.slot}`} question={q} />)}
        </div>
      </section>
      <section className={classes.section}>
        <Title order={2} size="h5">{t('sv.all')}</Title>
        {more && <Text size="sm" c="dimmed">{t('sv.latest', { count: results.length })}</Text>}
        <All results={results} />
      </section>
    </>
  );
}

function Counted({ question: q }: { question: SurveyQuestion }) {
  const { t, number, locale } = useWords();
  const answers = [...q.answers.map((a) => ({ ...a, key: `=${a.said}` })), { said: t('sv.summary.other'), count: q.others, key: '' }].filter((a) => a.count > 0);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  return (
    <section className={classes.card}>
      <Title order={3} size="sm">{q.name}</Title>
      <Text size="xs" c="dimmed">{t('sv.summary.answers', { count: q.count })}</Text>
      <ul className={classes.answers}>
        {answers.map(({ said, count, key }) => (
          <li key={key}>
            <span className={classes.said}>
              <span>{said}</span>
              <span className={classes.digits}>{number(count)} · {percent.format(count / q.count)}</span>
            </span>
            <Progress size="sm" value={(100 * count) / q.count} aria-label={said} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function All({ results }: { results: SurveyResult[] }) {
  const { t } = useWords();
  const { may } = useSession();
  const opens = may('modify_knowledgebase') && may('view_dialogs_search');
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table className={classes.table} aria-label={t('sv.all')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={170}>{t('sv.ended')}</Table.Th>
            <Table.Th w={200}>{t('sv.title')}</Table.Th>
            <Table.Th>{t('sv.answers')}</Table.Th>
            <Table.Th w={130}>{t('sv.outcome')}</Table.Th>
            <Table.Th w={150}>{t('sv.by')}</Table.Th>
            {opens && <Table.Td w={110} />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {results.map((r) => <Row key={`${r.conversation_id} ${r.survey_id}`} result={r} opens={opens} />)}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const colours = { completed: 'green', abandoned: 'orange', cancelled: 'gray', replaced: 'gray' };

function Row({ result: r, opens }: { result: SurveyResult; opens: boolean }) {
  const { t, dateTime } = useWords();
  const { operator } = useNames();
  const at = dateTime(Date.parse(r.ended_at));
  return (
    <Table.Tr>
      <Table.Td>{at}</Table.Td>
      <Table.Td>
        {r.title || r.article_id} {r.test && <Badge size="sm" variant="light" color="gray" tt="none">{t('sv.test')}</Badge>}
      </Table.Td>
      <Table.Td>
        <dl className={classes.pairs}>
          {r.answers.map((a) => <Said key={a.slot} answer={a} />)}
        </dl>
      </Table.Td>
      <Table.Td><Badge variant="light" tt="none" color={colours[r.outcome]}>{t(`sv.outcome.${r.outcome}`)}</Badge></Table.Td>
      <Table.Td>{r.operator_id ? operator(r.operator_id) : t('sv.by.bot')}</Table.Td>
      {opens && (
        <Table.Td ta="right">
          <Link href={`/reviews/${encodeURIComponent(r.conversation_id)}`} className={classes.link} aria-label={t('sv.open.of', { at })}>{t('sv.open')}</Link>
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function Said({ answer: a }: { answer: SurveyAnswer }) {
  const { t } = useWords();
  const said = a.caption || a.value;
  const how = a.inferred ? t('sv.answer.inferred') : a.confirmed ? t('sv.answer.confirmed') : '';
  return (
    <Group gap="0 6px" component="div" align="baseline">
      <dt>{a.name || a.slot}</dt>
      <dd>
        {said || <Text span inherit c="dimmed">{t('sv.answer.none')}</Text>}
        {how && <Text span size="xs" c="dimmed"> ({how})</Text>}
      </dd>
    </Group>
  );
}
