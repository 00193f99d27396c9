/** «Агенты»: who meets a customer before a person does, in which order, and in which hours. */
import { Title } from '@mantine/core';
import { Failure, Lines } from '../../kit';
import { PartLinks } from '../../kit/PartLinks';
import { OurWords } from '../../kit/sheet/OurWords';
import { useTabPlace } from '../../kit/sheet/useTabPlace';
import { useAgency } from '../../sync/agents';
import { ChainsTab } from './chains/ChainsTab';
import { HoursTab } from './hours/HoursTab';
import { ListTab } from './list/ListTab';
import { tabs } from './part';
import { useSaid } from './sentences';
import { useWords } from './text';
import sheet from '../../kit/sheet/sheet.module.css';

const parts = { list: ListTab, chains: ChainsTab, hours: HoursTab };

export default function AgentsPage() {
  const { t } = useWords();
  const said = useSaid();
  const place = useTabPlace('/agents', tabs);
  const { data, error, refetch } = useAgency();
  const Part = parts[place.tab];
  return (
    <OurWords value={said}>
      <div className={sheet.page}>
        <Title order={1} size="h3">{t('agents.title')}</Title>
        <PartLinks label={t('agents.title')} parts={tabs.map((tab) => ({ href: place.hrefOf('', tab), text: t(`agents.tab.${tab}`), current: tab === place.tab }))} />
        {data ? <Part key={place.tab} agency={data} place={place} /> : error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={40} />}
      </div>
    </OurWords>
  );
}
