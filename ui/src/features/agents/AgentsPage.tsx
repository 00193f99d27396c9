/** «Агенты»: who meets a customer before a person does, in which order, and in which hours. */
import { Title } from '@mantine/core';
import { Link } from 'wouter';
import { Failure, Lines, useRoving } from '../../kit';
import { useAgency } from '../../sync/agents';
import { ChainsTab } from './chains/ChainsTab';
import { HoursTab } from './hours/HoursTab';
import { ListTab } from './list/ListTab';
import { addressOf, tabs, usePlace, type Tab } from './place';
import { useWords } from './text';
import classes from './agents.module.css';

const parts = { list: ListTab, chains: ChainsTab, hours: HoursTab };

export default function AgentsPage() {
  const { t } = useWords();
  const { place, show } = usePlace();
  const { data, error, refetch } = useAgency();
  const Part = parts[place.tab];
  return (
    <div className={classes.page}>
      <Title order={1} size="h3">{t('agents.title')}</Title>
      <Tabs now={place.tab} />
      {data ? <Part key={place.tab} agency={data} open={place.open} show={show} /> : error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={40} />}
    </div>
  );
}

/** Links, for each has an address; one stop of the Tab key. */
function Tabs({ now }: { now: Tab }) {
  const { t } = useWords();
  const roving = useRoving<HTMLElement>('horizontal');
  return (
    <nav {...roving} className={classes.tabs} aria-label={t('agents.title')}>
      {tabs.map((tab) => (
        <Link key={tab} href={addressOf({ tab, open: '' })} data-roving className={classes.tab} aria-current={tab === now ? 'page' : undefined}>
          {t(`agents.tab.${tab}`)}
        </Link>
      ))}
    </nav>
  );
}
