/** «Качество»: how often the bot is right, and what its probabilities are worth. */
import { Text, Title } from '@mantine/core';
import type { BotFigures, BotReport, BotWeek } from '../../sync/bot';
import { Plot } from './Plot';
import { Reported } from './Reported';
import { useWords } from './text';
import classes from './bot.module.css';

export function Quality({ language, known }: { language: string; known: boolean }) {
  return (
    <Reported language={language} known={known}>
      {(report) => (
        <>
          <Figures now={report.figures} before={report.earlier} />
          <Week week={report.week} />
          <Charts report={report} />
        </>
      )}
    </Reported>
  );
}

function Figures({ now, before }: { now: BotFigures; before?: BotFigures }) {
  const { t, percent } = useWords();
  const change = (of: (f: BotFigures) => number, less = false) => before && <Change by={(less ? -1 : 1) * (of(now) - of(before))} />;
  return (
    <section className={classes.section}>
      <Text size="sm" c="dimmed">{t('bot.trials', { count: now.trials })}</Text>
      <dl className={classes.figures}>
        <Figure name={t('bot.top1')} value={percent(now.top1)}>{change((f) => f.top1)}</Figure>
        <Figure name={t('bot.top3')} value={percent(now.top3)}>{change((f) => f.top3)}</Figure>
        <Figure name={t('bot.top5')} value={percent(now.top5)}>{change((f) => f.top5)}</Figure>
        <Figure
          name={t('bot.coverage')} value={percent(now.coverage)}
          hint={now.automatic ? t('bot.coverage.hint', { precision: percent(now.precision) }) : t('bot.coverage.off')}
        >
          {change((f) => f.coverage)}
        </Figure>
        <Figure
          name={t('bot.recall')} value={now.trials_without > 0 ? percent(now.none_recall) : '—'}
          hint={now.trials_without > 0 ? t('bot.recall.hint', { count: now.trials_without }) : t('bot.recall.unknown')}
        >
          {before && before.trials_without > 0 && now.trials_without > 0 && change((f) => f.none_recall)}
        </Figure>
        <Figure name={t('bot.error')} value={percent(now.error)} hint={t('bot.error.hint')}>{change((f) => f.error, true)}</Figure>
      </dl>
    </section>
  );
}

interface FigureProps {
  name: string;
  value: string;
  hint?: string;
  children?: React.ReactNode;
}

function Figure({ name, value, hint, children }: FigureProps) {
  return (
    <div className={classes.figure}>
      <dt>{name}</dt>
      <dd className={classes.big}>{value}</dd>
      {hint && <dd className={classes.small}>{hint}</dd>}
      {children && <dd className={classes.small}>{children}</dd>}
    </div>
  );
}

/** Since the model before; less than a tenth of a point is none. */
function Change({ by }: { by: number }) {
  const { t, points } = useWords();
  const n = t('bot.points', { n: points(Math.abs(by)) });
  if (Math.abs(by) < 0.0005) return <>{t('bot.change.same')}</>;
  return <span data-better={by > 0} className={classes.change}>{t(by > 0 ? 'bot.change.better' : 'bot.change.worse', { n })}</span>;
}

function Week({ week }: { week: BotWeek }) {
  const { t, number, percent } = useWords();
  const part = (n: number, of: number) => (of > 0 ? `${number(n)} (${percent(n / of)})` : number(n));
  return (
    <section className={classes.card}>
      <Title order={2} size="h5">{t('bot.week')}</Title>
      {week.choices + week.rejected === 0 ? (
        <Text size="sm" c="dimmed">{t('bot.week.none')}</Text>
      ) : (
        <div className={classes.two}>
          <dl className={classes.facts}>
            <dt>{t('bot.week.choices')}</dt>
            <dd>{number(week.choices)}</dd>
            <dt>{t('bot.week.offered')}</dt>
            <dd>{part(week.offered, week.choices)}</dd>
            <dt>{t('bot.week.accepted')}</dt>
            <dd>{part(week.accepted, week.offered)}</dd>
            <dt>{t('bot.week.edited')}</dt>
            <dd>{number(week.edited)}</dd>
            <dt>{t('bot.week.rejected')}</dt>
            <dd>{number(week.rejected)}</dd>
          </dl>
          <div>
            <Text size="sm" fw={600} mb={4}>{t('bot.week.ranks')}</Text>
            <dl className={classes.facts}>
              {week.ranks.map((n, i) => (
                <div key={i} className={classes.rank}>
                  <dt>{t(i === week.ranks.length - 1 ? 'bot.week.rank.last' : 'bot.week.rank', { n: i + 1 })}</dt>
                  <dd>{part(n, week.accepted)}</dd>
                </div>
              ))}
            </dl>
          </div>
        </div>
      )}
    </section>
  );
}

function Charts({ report: { bins, curve } }: { report: BotReport }) {
  const { t, percent, number } = useWords();
  return (
    <div className={classes.cards}>
      <section className={classes.card}>
        <Title order={2} size="h5">{t('bot.reliability')}</Title>
        <Text size="sm" c="dimmed">{t('bot.reliability.text')}</Text>
        <Plot
          title={t('bot.reliability')} diagonal x={{ name: t('bot.reliability.shown'), most: 1, write: percent }} y={{ name: t('bot.reliability.right'), most: 1, write: percent }}
          points={bins.map((b) => ({ x: b.shown, y: b.right, weight: b.count }))} weight={{ name: t('bot.reliability.count'), write: number }}
        />
      </section>
      <section className={classes.card}>
        <Title order={2} size="h5">{t('bot.curve')}</Title>
        <Text size="sm" c="dimmed">{t('bot.curve.text')}</Text>
        <Plot
          title={t('bot.curve')} x={{ name: t('bot.curve.examples'), most: Math.max(1, ...curve.map((p) => p.examples)), write: number }}
          y={{ name: t('bot.curve.right'), most: 1, write: percent }} points={curve.map((p) => ({ x: p.examples, y: p.right }))}
        />
      </section>
    </div>
  );
}
