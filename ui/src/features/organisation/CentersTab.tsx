import { ClockIcon } from '../../kit/icons';
import { Records } from '../../kit/sheet/Records';
import { fresh } from '../../kit/sheet/useTabPlace';
import { CenterForm } from './CenterForm';
import type { PartProps } from './OrganisationPage';
import { usedOf } from './removal';
import { useWords } from './text';
import { Count } from './Uses';

export function CentersTab({ all, place }: PartProps) {
  const { t } = useWords();
  const center = all.centers.find((c) => c.center_id === place.open);
  const linesOf = (id: string) => all.lines.filter((l) => l.center_id === id).map((l) => l.name || l.line_id).join(', ');
  const calendar = (id: string) => all.calendars.find((c) => c.calendar_id === id)?.name || id;
  return (
    <>
      <Records
        lead={t('org.centers.lead')} add={{ text: t('org.centers.add'), href: place.hrefOf(fresh) }}
        records={all.centers} idOf={(c) => c.center_id} nameOf={(c) => c.name || c.center_id} name={t('org.name')} hrefOf={place.hrefOf}
        columns={[
          { title: t('org.center.zone'), show: (c) => c.time_zone.replaceAll('_', ' ') || '—' },
          { title: t('org.hours'), show: (c) => (c.calendar_id ? calendar(c.calendar_id) : t('org.hours.always')) },
          { title: t('org.center.lines'), show: (c) => linesOf(c.center_id) || '—' },
          { title: t('org.used'), show: (c) => <Count used={usedOf(all, 'center', c.center_id)} /> },
        ]}
        wordsOf={(c) => [c.name, c.center_id, c.time_zone, linesOf(c.center_id)].join(' ')} query={place.query} search={place.search}
        none={{ title: t('org.centers.none'), text: t('org.centers.none.text'), icon: <ClockIcon size={32} aria-hidden /> }}
      />
      {(center || place.open === fresh) && <CenterForm key={place.open} all={all} center={center} place={place} />}
    </>
  );
}
