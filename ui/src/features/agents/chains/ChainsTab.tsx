/** Whom a customer meets, in which order: for all, for each center, for each channel. */
import { Badge, Table } from '@mantine/core';
import { Link } from 'wouter';
import { ChannelIcon, Empty } from '../../../kit';
import { ChevronRightIcon, WorldIcon } from '../../../kit/icons';
import type { Agency } from '../../../sync/agents';
import { accountName, centerName, nameOf } from '../names';
import type { PartProps } from '../part';
import { useWords } from '../text';
import { inForce, sourceOf, spotsOf, type Spot } from './chain';
import { ChainForm } from './ChainForm';
import classes from '../agents.module.css';
import sheet from '../../../kit/sheet/sheet.module.css';

export function ChainsTab({ agency, place }: PartProps) {
  const { t } = useWords();
  const spots = spotsOf(agency);
  const spot = spots.find((s) => s.key === place.open);
  return (
    <>
      <p className={sheet.lead}>{t('agents.chain.lead')}</p>
      {agency.centers.length === 0 && <Empty icon={<WorldIcon size={32} aria-hidden />} title={t('agents.chain.none')} />}
      <Table.ScrollContainer minWidth={700}>
        <Table className={sheet.table} aria-label={t('agents.tab.chains')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="28%">{t('agents.chain.place')}</Table.Th>
              <Table.Th>{t('agents.chain.whom')}</Table.Th>
              <Table.Th w="24%">{t('agents.chain.source')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{spots.map((s) => <Row key={s.key} agency={agency} spot={s} href={place.hrefOf(s.key)} />)}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {spot && <ChainForm key={spot.key} agency={agency} spot={spot} close={() => place.show('')} />}
    </>
  );
}

function Row({ agency, spot, href }: { agency: Agency; spot: Spot; href: string }) {
  const name = useSpotName(agency)(spot);
  return (
    <Table.Tr className={spot.of === 'account' ? classes.inner : undefined}>
      <Table.Td>
        <Link href={href} className={sheet.rowLink}>
          {spot.of === 'account' && <ChannelIcon kind={spot.account.kind} />}
          {name}
        </Link>
      </Table.Td>
      <Table.Td><Steps agency={agency} agents={inForce(agency, spot)} /></Table.Td>
      <Table.Td><SourceBadge spot={spot} /></Table.Td>
    </Table.Tr>
  );
}

/** What a place is called. */
export function useSpotName(agency: Agency): (spot: Spot) => string {
  const { t } = useWords();
  return (spot) => {
    if (spot.of === 'all') return t('agents.chain.all');
    return spot.of === 'center' ? centerName(agency, spot.settings.center_id) : accountName(spot.account);
  };
}

/** The agents in their order, and the operators in the end. Who is switched off is struck out. */
function Steps({ agency, agents }: { agency: Agency; agents: readonly string[] }) {
  const { t } = useWords();
  const off = (id: string) => agency.agents.find((a) => a.agent_id === id)?.disabled;
  return (
    <ol className={classes.steps}>
      {agents.map((id) => (
        <li key={id}>
          <span data-off={off(id) || undefined} title={off(id) ? t('agents.off') : undefined}>{nameOf(agency, id)}</span>
          {off(id) && <span className="visually-hidden">{t('agents.off')}</span>}
          <ChevronRightIcon size={14} aria-hidden />
        </li>
      ))}
      <li>{t('agents.chain.operators')}</li>
    </ol>
  );
}

function SourceBadge({ spot }: { spot: Spot }) {
  const { t } = useWords();
  const source = sourceOf(spot);
  if (spot.of === 'all') return null;
  const label = source === 'above' ? t(`agents.above.${spot.of === 'account' ? 'account' : 'center'}`) : t(`agents.source.${source}`);
  return source === 'above' ? <span className={classes.dim}>{label}</span> : <Badge variant="light" tt="none" color={source === 'own' ? 'brand' : 'gray'}>{label}</Badge>;
}
