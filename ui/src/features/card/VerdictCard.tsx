/** Why this operator, and why not the others: what a quiet line in the thread opens. */
import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useText } from '../../i18n';
import { Empty, Failure, Lines } from '../../kit';
import { CheckIcon } from '../../kit/icons';
import { queryClient, useSession, verdicts, type Verdict } from '../../sync';
import { useNames } from '../../sync/names';
import classes from './card.module.css';
import { exclusionText, parted, ruleText, verdictAt, type Told } from './verdict';

interface Props {
  conversationId: string;
  /** Of the assignment that is asked about; left out for how things stand now. */
  at?: number;
}

/** Nothing without the right to see customers. */
export function VerdictCard(props: Props) {
  const { may } = useSession();
  return ['view_client', 'view_clients', 'view_monitoring', 'view_dialogs_search'].some(may) ? <Story {...props} /> : null;
}

function Story({ conversationId, at }: Props) {
  const { t } = useText();
  const { data, error, refetch } = useQuery({
    queryKey: ['verdicts', conversationId],
    queryFn: () => verdicts(conversationId),
    staleTime: 0,
  }, queryClient);
  if (!data) return error ? <Failure problem={error} title={t('card.why.failed')} retry={() => void refetch()} /> : <Lines rows={5} />;
  const told = verdictAt(data, at);
  if (!told) return <Empty title={t('card.why.none')} text={t('card.why.none.text')} />;
  return <Reasons told={told} />;
}

function Reasons({ told }: { told: Told }) {
  const { t } = useText();
  const { verdict, forced } = told;
  const { full, others } = parted(verdict);
  const fitting = verdict.fitting > 0 ? t('card.why.fitting', { count: verdict.fitting }) : t('card.why.nobody');
  const of = verdict.considered > 0 ? ` ${t('card.why.considered', { count: verdict.considered })}` : '';
  return (
    <Stack gap="md" component="section" aria-label={t(verdict.operatorId ? 'card.why' : 'card.why.waits')}>
      <Head told={told} />
      {!forced && verdict.rule !== '' && (
        <section>
          <Text size="sm" fw={600} mb={4}>{`${fitting}${of}`}</Text>
          <Candidates verdict={verdict} />
        </section>
      )}
      {full.length > 0 && <Excluded title={t('card.why.full')} list={full} bare />}
      {others.length > 0 && <Excluded title={t('card.why.excluded')} list={others} />}
    </Stack>
  );
}

function Head({ told: { verdict, forced, at } }: { told: Told }) {
  const { t, dateTime } = useText();
  const name = useNames().operator(verdict.operatorId, t('card.why.unknown'));
  return (
    <div className={classes.verdict}>
      <Text size="xs" c="dimmed">
        {verdict.operatorId ? t('card.why.winner') : t('card.why.waiting')}
        {at > 0 && ` · ${dateTime(at)}`}
      </Text>
      {verdict.operatorId && <Text fw={600}>{name}</Text>}
      <Text size="sm">{t(ruleText(verdict.rule, forced))}</Text>
    </div>
  );
}

function Candidates({ verdict }: { verdict: Verdict }) {
  const { t, time } = useText();
  const { operator: name } = useNames();
  return (
    <ul className={classes.list}>
      {verdict.candidates.map((each) => {
        const won = each.operatorId === verdict.operatorId;
        const idle = Date.parse(each.idleSince);
        const facts = [
          t('card.why.held', { held: each.held, capacity: each.capacity }),
          idle > 0 && t('card.why.idle', { time: time(idle) }),
          each.affinity > 0 && t(each.affinity === 1 ? 'card.why.last' : 'card.why.before'),
        ].filter(Boolean);
        return (
          <li key={each.operatorId} className={classes.reason}>
            <Group gap={6} wrap="nowrap">
              <Text size="sm" fw={won ? 600 : 400}>{name(each.operatorId, t('card.why.unknown'))}</Text>
              {won && <CheckIcon size={16} role="img" aria-label={t('card.why.won')} />}
            </Group>
            <Text size="xs" c="dimmed" className={classes.detail}>{facts.join(' · ')}</Text>
          </li>
        );
      })}
    </ul>
  );
}

function Excluded({ title, list, bare = false }: { title: string; list: Verdict['excluded']; bare?: boolean }) {
  const { t, number } = useText();
  const { operator: name } = useNames();
  const people = (ids: string[], count: number) => {
    const names = ids.map((id) => name(id, '')).filter(Boolean);
    const more = count - names.length;
    if (names.length === 0) return number(count);
    return names.join(', ') + (more > 0 ? ` ${t('card.why.more', { count: more })}` : '');
  };
  return (
    <section>
      <Text size="sm" fw={600} mb={4}>{title}</Text>
      <ul className={classes.list}>
        {list.map((each) => (
          <li key={each.rule} className={classes.reason}>
            {!bare && <Text size="sm">{t(exclusionText(each.rule))}</Text>}
            <Text size={bare ? 'sm' : 'xs'} c={bare ? undefined : 'dimmed'} className={bare ? undefined : classes.detail}>{people(each.operatorIds, each.count)}</Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
