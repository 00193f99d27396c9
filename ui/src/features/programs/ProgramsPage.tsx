/** «Программы»: what other programs come in with, and how they are told. */
import { Anchor, Title } from '@mantine/core';
import { PartLinks } from '../../kit/PartLinks';
import { OurWords } from '../../kit/sheet/OurWords';
import { useSaid } from '../../kit/sheet/useSaid';
import { useTabPlace, type TabPlace } from '../../kit/sheet/useTabPlace';
import { KeysTab } from './KeysTab';
import { useWords } from './text';
import { WebhooksTab } from './WebhooksTab';
import classes from '../../kit/sheet/sheet.module.css';

const tabs = ['keys', 'webhooks'] as const;
export type Place = TabPlace<(typeof tabs)[number]>;

export default function ProgramsPage() {
  const { t } = useWords();
  const said = useSaid();
  const place = useTabPlace('/programs', tabs);
  const Part = place.tab === 'keys' ? KeysTab : WebhooksTab;
  return (
    <OurWords value={said}>
      <div className={classes.page}>
        <Title order={1} size="h3">{t('pr.title')}</Title>
        <p className={classes.lead}>
          {t('pr.begin')} <Anchor href="/api/openapi.json" target="_blank" inherit underline="always">{t('pr.begin.api')}</Anchor>
        </p>
        <PartLinks label={t('pr.title')} parts={tabs.map((tab) => ({ href: place.hrefOf('', tab), text: t(`pr.tab.${tab}`), current: tab === place.tab }))} />
        <Part key={place.tab} place={place} />
      </div>
    </OurWords>
  );
}
