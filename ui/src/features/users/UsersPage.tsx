/** «Пользователи»: who works here, with what rights and on what; and the positions that preset it. */
import { Title } from '@mantine/core';
import { Failure, Lines } from '../../kit';
import { PartLinks } from '../../kit/PartLinks';
import { useSession } from '../../sync';
import { useOrganisation } from '../../sync/users';
import { ListTab } from './ListTab';
import { addressOf, tabs, usePlace } from './place';
import { PositionsTab } from './PositionsTab';
import { ProvidersTab } from './ProvidersTab';
import { useWords } from './text';
import classes from './users.module.css';

/** What the menu shows to whom; the app knows its sections. */
export type Sections = (may: (role: string) => boolean) => string[];

export default function UsersPage({ sections }: { sections: Sections }) {
  const { t } = useWords();
  const { place, go } = usePlace();
  const { data, error, refetch } = useOrganisation();
  const { may } = useSession();
  const parts = tabs.filter((tab) => tab !== 'providers' || may('modify_users')).map((tab) => ({ href: addressOf({ ...place, tab, open: '', view: false, search: '', sort: 'name', descending: false, page: 1 }), text: t(`users.tab.${tab}`), current: tab === place.tab }));
  return (
    <div className={classes.page}>
      <Title order={1} size="h3">{t('users.title')}</Title>
      <PartLinks label={t('users.title')} parts={parts} />
      {!data ? (
        error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={8} height={28} />
      ) : place.tab === 'list' ? (
        <ListTab place={place} go={go} organisation={data} sections={sections} />
      ) : place.tab === 'providers' ? (
        <ProvidersTab place={place} go={go} />
      ) : (
        <PositionsTab place={place} go={go} organisation={data} />
      )}
    </div>
  );
}
