/** The figures: counts, and means with their percentiles beside them. Each says how it comes about. */
import { ActionIcon, Popover, Text, Title } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'wouter';
import { InfoIcon } from '../../kit/icons';
import { useSession } from '../../sync';
import type { Both, Definition, Definitions, Figure } from '../../sync/statistics';
import { behind } from './behind';
import type { About } from './StatisticsPage';
import { useWords } from './text';
import { useWriter } from './useWriter';
import classes from './statistics.module.css';

interface Props {
  figures: readonly Figure[];
  definitions: Definitions;
  about: About;
}

export const Figures = memo(function Figures({ figures, definitions: { items, everywhere }, about }: Props) {
  const { t } = useWords();
  const total = figures.find((f) => f.id === 'total')?.count ?? 0;
  const cards = (average: boolean) =>
    figures.map((figure) => {
      const definition = items.find((d) => d.id === figure.id);
      return definition?.average === average && <Card key={figure.id} figure={figure} definition={definition} everywhere={everywhere} total={total} about={about} />;
    });
  return (
    <section aria-label={t('st.figures')} className={classes.section}>
      <Title order={2} className="visually-hidden">{t('st.figures')}</Title>
      <ul className={classes.counts}>{cards(false)}</ul>
      <ul className={classes.averages}>{cards(true)}</ul>
    </section>
  );
});

interface CardProps {
  figure: Figure;
  definition: Definition;
  everywhere: Both;
  total: number;
  about: About;
}

function Card({ figure, definition: d, everywhere, total, about }: CardProps) {
  const { t, locale, number } = useWords();
  const writer = useWriter();
  return (
    <li className={classes.figure} data-figure={figure.id}>
      <div className={classes.named}>
        <span className={classes.name}>{d.name[locale]}</span>
        <Info definition={d} everywhere={everywhere} />
      </div>
      <Value figure={figure} definition={d} about={about} />
      {d.average ? (
        <dl className={classes.spread}>
          {figure.p50 !== undefined && <Beside name={t('st.median')} value={writer.value(figure.p50, d.unit)} />}
          {figure.p90 !== undefined && <Beside name={t('st.p90')} value={writer.value(figure.p90, d.unit)} />}
        </dl>
      ) : (
        <p className={classes.beside}>
          {d.unit === 'conversations' && d.id !== 'total' && total > 0 && t('st.of.total', { share: writer.share(figure.count, total) })}
        </p>
      )}
      {d.average && figure.count > 0 && <span className="visually-hidden">{t('st.of', { count: number(figure.count) })}</span>}
    </li>
  );
}

function Beside({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** The figure itself leads to the conversations behind it. */
function Value({ figure, definition: d, about }: { figure: Figure; definition: Definition; about: About }) {
  const { t, locale } = useWords();
  const { may } = useSession();
  const value = useWriter().value(figure.value, d.unit);
  const href = figure.count > 0 && may('view_dialogs_search') ? behind(about.place, about.period, { figure: d.id }) : undefined;
  if (!href) return <span className={classes.big}>{value}</span>;
  return (
    <Link href={href} className={classes.big} aria-label={`${value}. ${t('st.behind.of', { what: d.name[locale] })}`} data-hint={t('st.behind')}>
      {value}
    </Link>
  );
}

const Info = memo(function Info({ definition: d, everywhere }: { definition: Definition; everywhere: Both }) {
  const { t, locale } = useWords();
  return (
    <Popover width={340} position="bottom" withArrow shadow="md" trapFocus returnFocus transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size={24} aria-label={t('st.about', { figure: d.name[locale] })}>
          <InfoIcon size={16} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('st.about', { figure: d.name[locale] })} tabIndex={0} data-autofocus>
        <Text fw={600} size="sm">{d.name[locale]}</Text>
        <dl className={classes.about}>
          {([['formula', d.formula], ['edges', d.edges], ['everywhere', everywhere]] as const).map(([name, text]) => text[locale] && (
            <div key={name}>
              <dt>{t(`st.about.${name}`)}</dt>
              <dd>{text[locale]}</dd>
            </div>
          ))}
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
});
