/** The tab «Тикет»: the number of the conversation in a help desk, and letters to the customer. */
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useText } from '../../i18n';
import { Failure, say } from '../../kit';
import { problemOf, setTicket, useSession, type Conversation, type Problem } from '../../sync';
import classes from './card.module.css';
import { Letter } from './Letter';

const LONGEST = 100;

type Shown = Pick<Conversation, 'id' | 'ticket' | 'customerId' | 'centerId'>;

/** Who may not change the number reads it; letters are for who has the role. */
export function Ticket({ conversation }: { conversation: Shown }) {
  const { t } = useText();
  const { may } = useSession();
  if (!may('view_client')) return null;
  return (
    <section className={classes.page} aria-label={t('card.ticket')}>
      <div className={classes.part}>
        {may('modify_ext_id') ? <Number key={conversation.id} id={conversation.id} kept={conversation.ticket} /> : <Read number={conversation.ticket} />}
      </div>
      {may('view_helpdesk') && <Letter conversation={conversation} />}
    </section>
  );
}

function Read({ number }: { number: string }) {
  const { t } = useText();
  return <Text size="sm">{number ? `${t('card.ticket.number')}: ${number}` : t('card.ticket.none')}</Text>;
}

function Number({ id, kept }: { id: string; kept: string }) {
  const { t } = useText();
  const [typed, type] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const value = typed ?? kept;
  const long = value.trim().length > LONGEST;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await setTicket(id, value.trim());
      say(t('card.ticket.saved'));
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
    setBusy(false);
  };
  return (
    <form onSubmit={save}>
      <Group align="flex-end" gap="sm" maw={520}>
        <TextInput
          label={t('card.ticket.number')}
          description={t('card.ticket.hint')}
          value={value}
          onChange={(event) => type(event.currentTarget.value)}
          error={long && t('card.ticket.long')}
          autoComplete="off"
          flex={1}
          miw={200}
        />
        <Button type="submit" loading={busy} disabled={value.trim() === kept || long}>{t('card.ticket.save')}</Button>
      </Group>
      {problem && <div style={{ marginTop: 12 }}><Failure problem={problem} title={t('card.ticket.failed')} /></div>}
    </form>
  );
}
