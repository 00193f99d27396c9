/** What is shown of a report: it is waited for, or there is none yet. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Empty, Failure, Lines } from '../../kit';
import { LearnIcon } from '../../kit/icons';
import { useBotReport, type BotReport } from '../../sync/bot';
import { useWords } from './text';
import classes from './bot.module.css';

interface Props {
  language: string;
  /** There is a model of some language. */
  known: boolean;
  children: (report: BotReport) => ReactNode;
}

export function Reported({ language, known, children }: Props) {
  const { t } = useWords();
  const { data, error, refetch } = useBotReport(language, known);
  if (!known) {
    return (
      <section className={classes.card}>
        <Empty icon={<LearnIcon size={32} aria-hidden />} title={t('bot.report.none')} text={t('bot.report.none.text')}>
          <Button component={Link} href="/knowledge/articles" mt="sm">{t('bot.none.knowledge')}</Button>
        </Empty>
      </section>
    );
  }
  if (data) return children(data);
  return error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={8} height={28} />;
}
