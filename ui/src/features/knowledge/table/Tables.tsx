/** The three tables under their tabs, with what stands above each. */
import { Button, Group, Title } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import { Lines } from '../../../kit';
import { AddIcon } from '../../../kit/icons';
import { PartLinks } from '../../../kit/PartLinks';
import type { Go } from '../KnowledgePage';
import { addressOf, fresh, surveysAt, tabAt, tabs, type Place } from '../place';
import { Transfer } from '../port/Transfer';
import { Removed } from '../removed/Removed';
import { useWords } from '../text';
import { ArticlesTable, SlotsTable, TypesTable } from './Kinds';
import { Search } from './Search';
import classes from '../knowledge.module.css';

/** They come when they are opened. */
const Surveys = lazy(() => import('../surveys/Surveys'));

const tables = { articles: ArticlesTable, slots: SlotsTable, types: TypesTable };

export function Tables({ place, go }: { place: Place; go: Go }) {
  const { t } = useWords();
  const Table = tables[place.tab];
  return (
    <div className={classes.page}>
      <Group justify="space-between" align="center">
        <Title order={1} size="h3">{t('kb.heading')}</Title>
        <Group gap="xs">
          <Removed />
          <Transfer />
        </Group>
      </Group>
      <Tabs place={place} here={addressOf(tabAt(place, place.tab))} />
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

/** What customers answered in surveys, below the same tabs. */
export function SurveyTab({ place }: { place: Place }) {
  const { t } = useWords();
  return (
    <div className={classes.page}>
      <Title order={1} size="h3">{t('kb.heading')}</Title>
      <Tabs place={place} here={surveysAt} />
      <Suspense fallback={<Lines rows={8} height={28} />}>
        <Surveys />
      </Suspense>
    </div>
  );
}

function Tabs({ place, here }: { place: Place; here: string }) {
  const { t } = useWords();
  const parts = [...tabs.map((tab) => ({ name: tab, href: addressOf(tabAt(place, tab)) })), { name: 'surveys' as const, href: surveysAt }];
  return <PartLinks label={t('kb.heading')} parts={parts.map(({ name, href }) => ({ href, text: t(`kb.tab.${name}`), current: href === here }))} />;
}
