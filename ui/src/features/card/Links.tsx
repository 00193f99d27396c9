/** «Ссылки на каналы»: one-time links by which a messenger's address joins the card. */
import { Button, CopyButton, Group, Select, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../../i18n';
import { Failure } from '../../kit';
import { CheckIcon, CopyIcon, LinkIcon } from '../../kit/icons';
import { makeLink, problemOf, useSession, useWorkplace, type Customer, type InviteLink, type Problem } from '../../sync';
import { useAccountName } from './names';
import { Part } from './Part';

/** Kinds that no customer comes to by a link: what they are is no messenger. */
const linkless: ReadonlySet<string> = new Set(['api', 'bot', 'widget', 'email', 'phone', 'sms']);

/** Nothing without the right to make links, and where no channel has them. */
export function Links({ customer }: { customer: Customer }) {
  const { t } = useText();
  const { may } = useSession();
  const accounts = useWorkplace().accounts.filter((account) => !account.byIdentifier && !linkless.has(account.kind));
  const name = useAccountName();
  const links = useLinks(customer.customerId, accounts[0]?.accountId ?? '');
  if (!may('view_deeplinking') || accounts.length === 0) return null;
  return (
    <Part title={t('card.links')}>
      <Text size="sm" c="dimmed" mb="sm">{t('card.links.text')}</Text>
      <Group align="flex-end" gap="sm">
        <Select
          label={t('card.links.channel')}
          data={accounts.map((account) => ({ value: account.accountId, label: name(account.accountId, account.kind) }))}
          value={links.account}
          onChange={(id) => id && links.choose(id)}
          allowDeselect={false}
          w={240}
        />
        <Button variant="default" leftSection={<LinkIcon size={16} aria-hidden />} loading={links.busy} onClick={links.make}>
          {t('card.links.make')}
        </Button>
      </Group>
      {links.problem && <Trouble problem={links.problem} />}
      {links.made && <Made link={links.made} />}
    </Part>
  );
}

function useLinks(customerId: string, first: string) {
  const [chosen, setChosen] = useState('');
  const [made, setMade] = useState<InviteLink | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const account = chosen || first;
  const choose = (id: string) => {
    setChosen(id);
    setMade(null);
  };
  const make = async () => {
    setBusy(true);
    setProblem(null);
    setMade(null);
    try {
      setMade(await makeLink(customerId, account));
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
    setBusy(false);
  };
  return { account, choose, made, problem, busy, make };
}

function Trouble({ problem }: { problem: Problem }) {
  const { t } = useText();
  if (problem.kind === 'conflict') return <Text size="sm" mt="sm" role="alert">{t('card.links.many')}</Text>;
  return <div style={{ marginTop: 12 }}><Failure problem={problem} /></div>;
}

/** The link is told this once. Where the channel has no links, its code is. */
function Made({ link }: { link: InviteLink }) {
  const { t, dateTime } = useText();
  const text = link.url || link.token;
  return (
    <Group align="flex-end" gap="sm" mt="sm" role="status">
      <TextInput
        label={t(link.url ? 'card.links.link' : 'card.links.code')}
        description={t('card.links.until', { until: dateTime(link.until) })}
        inputWrapperOrder={['label', 'input', 'description']}
        value={text}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
        flex={1}
        miw={240}
      />
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            mb={22}
            leftSection={copied ? <CheckIcon size={16} aria-hidden /> : <CopyIcon size={16} aria-hidden />}
            onClick={copy}
          >
            {t(copied ? 'card.links.copied' : 'card.links.copy')}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
