/** «Организация»: centers, their lines, languages and skills, and what each of them is needed for. */
import { Title } from '@mantine/core';
import { Failure, Lines } from '../../kit';
import { PartLinks } from '../../kit/PartLinks';
import { OurWords } from '../../kit/sheet/OurWords';
import { useSaid } from '../../kit/sheet/useSaid';
import { useTabPlace, type TabPlace } from '../../kit/sheet/useTabPlace';
import { useOrganisation, type Organisation } from '../../sync/organisation';
import { CentersTab } from './CentersTab';
import { LanguagesTab } from './LanguagesTab';
import { LinesTab } from './LinesTab';
import { SkillsTab } from './SkillsTab';
import { useWords } from './text';
import classes from '../../kit/sheet/sheet.module.css';

export const tabs = ['centers', 'lines', 'languages', 'skills'] as const;
export type Tab = (typeof tabs)[number];

/** What each part of the page is given. */
export interface PartProps {
  all: Organisation;
  place: TabPlace<Tab>;
}

const parts = { centers: CentersTab, lines: LinesTab, languages: LanguagesTab, skills: SkillsTab };

export default function OrganisationPage() {
  const { t } = useWords();
  const said = useSaid();
  const place = useTabPlace('/organisation', tabs);
  const { data, error, refetch } = useOrganisation();
  const Part = parts[place.tab];
  return (
    <OurWords value={said}>
      <div className={classes.page}>
        <Title order={1} size="h3">{t('org.title')}</Title>
        <PartLinks label={t('org.title')} parts={tabs.map((tab) => ({ href: place.hrefOf('', tab), text: t(`org.tab.${tab}`), current: tab === place.tab }))} />
        {data ? <Part key={place.tab} all={data} place={place} /> : error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={40} />}
      </div>
    </OurWords>
  );
}
