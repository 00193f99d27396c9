/**
 * «Настройки»: what holds in the whole organisation and in each center, one by
 * one. A center says only what is its own; all else is as the organisation has
 * it, and can be so again. The page is made of the server's registry.
 */
import { Select, Title } from '@mantine/core';
import { Failure, Lines } from '../../kit';
import { PartLinks } from '../../kit/PartLinks';
import { useCenters, useSettingsForm, type Place } from '../../sync/settings';
import { Changes } from './Changes';
import { Form } from './Form';
import { Retention } from './Retention';
import { addressOf, tabs, useWhere } from './place';
import { useWords } from './text';
import classes from './settings.module.css';

export default function SettingsPage() {
  const { t } = useWords();
  const { where, show, open, find } = useWhere();
  const centers = useCenters();
  const known = centers.data?.some((c) => c.center_id === where.center);
  const center = known ? where.center : '';
  const form = useSettingsForm(center);
  const { data, error } = form;
  const lost = error ?? centers.error;
  const ready = data && centers.data && data.center_id === center;
  return (
    <div className={classes.page}>
      <div className={classes.top}>
        <Title order={1} size="h3">{t('settings.title')}</Title>
        {centers.data && where.tab !== 'retention' && <Whose centers={centers.data} center={center} choose={(id) => show({ center: id })} />}
      </div>
      <PartLinks label={t('settings.title')} parts={tabs.map((tab) => ({ href: addressOf({ ...where, tab, night: '' }), text: t(`settings.tab.${tab}`), current: tab === where.tab }))} />
      {!ready ? (
        lost ? <Failure problem={lost} retry={() => void Promise.all([form.refetch(), centers.refetch()])} /> : <Lines rows={8} height={40} />
      ) : where.tab === 'changes' ? (
        <Changes key={center} form={data} />
      ) : where.tab === 'retention' ? (
        <Retention centers={centers.data ?? []} night={where.night ?? ''} open={open} />
      ) : (
        <Form key={center} form={data} centers={centers.data ?? []} query={where.query} find={find} />
      )}
    </div>
  );
}

function Whose({ centers, center, choose }: { centers: Place[]; center: string; choose: (id: string) => void }) {
  const { t } = useWords();
  const data = [{ value: '', label: t('settings.everybody') }, ...centers.map((c) => ({ value: c.center_id, label: c.name }))];
  return <Select aria-label={t('settings.place')} w={280} data={data} value={center} allowDeselect={false} searchable={data.length > 8} onChange={(id) => choose(id ?? '')} />;
}
