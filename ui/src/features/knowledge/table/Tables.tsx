/** The three tables under their tabs, with what stands above each. */
import { Button, Group, Title } from '@mantine/core';
import { Link } from 'wouter';
import { useRoving } from '../../../kit';
import { AddIcon } from '../../../kit/icons';
import type { Go } from '../KnowledgePage';
import { addressOf, fresh, tabAt, tabs, type Place } from '../place';
import { Transfer } from '../port/Transfer';
import { Removed } from '../removed/Removed';
import { useWords } from '../text';
import { ArticlesTable, SlotsTable, TypesTable } from './Kinds';
import { Search } from './Search';
import classes from '../knowledge.module.css';

const tables = { articles: ArticlesTable, slots: SlotsTable, types: TypesTable };

export function Tables({ place, go }: { place: Place; go: Go }) {
  const { t } = useWords();
  const Table = tables[place.tab];
  return (
    <div className={classes.page}>
      <Group justify="space-between" align="center">
        <Title order={1} size="h3">{t('kb.heading')}</Title>
        <Group gap="xs">
          {place.tab === 'articles' && <Removed />}
          <Transfer />
        </Group>
      </Group>
      <Tabs place={place} />
      <Group gap="xs" wrap="nowrap">
        <Search key={place.tab} place={place} go={go} />
        <Button component={Link} href={addressOf({ ...place, open: fresh })} leftSection={<AddIcon size={16} aria-hidden />} className={classes.fixed}>
          {t('kb.add')}
        </Button>
      </Group>
      <Table key={place.tab} place={place} go={go} />
    </div>
  );
}

/** Links, for each has an address; one stop of the Tab key. */
function Tabs({ place }: { place: Place }) {
  const { t } = useWords();
  const roving = useRoving<HTMLElement>('horizontal');
  return (
    <nav {...roving} className={classes.tabs} aria-label={t('kb.heading')}>
      {tabs.map((tab) => (
        <Link key={tab} href={addressOf(tabAt(place, tab))} data-roving className={classes.tab} aria-current={tab === place.tab ? 'page' : undefined}>
          {t(`kb.tab.${tab}`)}
        </Link>
      ))}
    </nav>
  );
}
