/** «Редактирование тематик»: topics, quick replies and hold phrases. */
import { Title } from '@mantine/core';
import { Failure, Lines } from '../../kit';
import { PartLinks } from '../../kit/PartLinks';
import { OurWords } from '../../kit/sheet/OurWords';
import { useSaid } from '../../kit/sheet/useSaid';
import { useTabPlace, type TabPlace } from '../../kit/sheet/useTabPlace';
import { useOrganisation, type Organisation } from '../../sync/organisation';
import { PhrasesTab } from './PhrasesTab';
import { TemplatesTab } from './TemplatesTab';
import { TreeTab } from './TreeTab';
import { useWords } from './text';
import classes from '../../kit/sheet/sheet.module.css';

const tabs = ['tree', 'templates', 'phrases'] as const;
export type Tab = (typeof tabs)[number];

export interface PartProps {
  all: Organisation;
  place: TabPlace<Tab>;
}

const parts = { tree: TreeTab, templates: TemplatesTab, phrases: PhrasesTab };

export default function TopicsPage() {
  const { t } = useWords();
  const said = useSaid();
  const place = useTabPlace('/topics', tabs);
  const { data, error, refetch } = useOrganisation();
  const Part = parts[place.tab];
  return (
    <OurWords value={said}>
      <div className={classes.page}>
        <Title order={1} size="h3">{t('tp.title')}</Title>
        <PartLinks label={t('tp.title')} parts={tabs.map((tab) => ({ href: place.hrefOf('', tab), text: t(`tp.tab.${tab}`), current: tab === place.tab }))} />
        {data ? <Part key={place.tab} all={data} place={place} /> : error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={40} />}
      </div>
    </OurWords>
  );
}
