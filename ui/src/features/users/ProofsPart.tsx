/** In a user's form: what the user proves to be the user by, and how a lost proof is taken away. */
import { Anchor, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { complain, ConfirmDialog, Failure, Lines, say } from '../../kit';
import { problemOf, useSession } from '../../sync';
import { linkIdentity, takeFactor, unlinkIdentity, useProofs, useProviders, type Factor, type Identity, type Proofs } from '../../sync/proofs';
import { useEntryWords } from './entryText';
import { useWhy } from './sentences';
import sheet from '../../kit/sheet/sheet.module.css';

export function ProofsPart({ id, asking }: { id: string; asking: (is: boolean) => void }) {
  const { t } = useEntryWords();
  const own = useSession().user?.userId === id;
  return (
    <section className={sheet.part} aria-label={t('entry.proofs')}>
      <h3>{t('entry.proofs')}</h3>
      {own ? <Text size="sm">{t('entry.proofs.own')} <Anchor component={Link} href="/profile" inherit underline="always">{t('app.profile')}</Anchor></Text> : <Others id={id} asking={asking} />}
    </section>
  );
}

function Others({ id, asking }: { id: string; asking: (is: boolean) => void }) {
  const { t } = useEntryWords();
  const { data, error, refetch } = useProofs(id);
  if (!data) {
    if (!error) return <Lines rows={2} />;
    return problemOf(error).status === 403 ? <Text size="sm" c="dimmed">{t('entry.proofs.above')}</Text> : <Failure problem={error} retry={() => void refetch()} />;
  }
  return (
    <Stack gap="sm">
      <Factors id={id} proofs={data} asking={asking} />
      <Identities id={id} items={data.identities} asking={asking} />
    </Stack>
  );
}

function Factors({ id, proofs, asking }: { id: string; proofs: Proofs; asking: (is: boolean) => void }) {
  const { t, dateTime } = useEntryWords();
  const at = (time: string) => dateTime(Date.parse(time));
  if (proofs.items.length === 0) return <Text size="sm">{t(proofs.needed ? 'entry.proofs.needed' : 'entry.proofs.none')}</Text>;
  const nameOf = (f: Factor) => f.name || t(`entry.${f.kind}`);
  return (
    <>
      {proofs.items.map((f) => (
        <Entry
          key={f.factor_id} name={nameOf(f)} word={t('entry.take')} asking={asking} said={t('entry.taken')} run={() => takeFactor(id, f.factor_id)}
          about={`${t(`entry.${f.kind}`)}. ${t('entry.since', { at: at(f.at) })}, ${f.used_at ? t('entry.used', { at: at(f.used_at) }) : t('entry.unused')}`}
          question={{ title: t('entry.take.title', { name: nameOf(f) }), text: t(proofs.items.length === 1 ? 'entry.take.last' : 'entry.take.text') }}
        />
      ))}
      <Text size="xs" c="dimmed">{t('entry.recovery', { count: proofs.recovery_left })}</Text>
    </>
  );
}

function Identities({ id, items, asking }: { id: string; items: Identity[]; asking: (is: boolean) => void }) {
  const { t, dateTime } = useEntryWords();
  const { data: providers = [] } = useProviders();
  const named = (i: Identity) => providers.find((p) => p.provider_id === i.provider_id)?.name ?? i.issuer;
  if (providers.length === 0 && items.length === 0) return null;
  return (
    <>
      <Text size="sm" fw={600}>{t('entry.identities')}</Text>
      {items.length === 0 && <Text size="sm">{t('entry.identities.none')}</Text>}
      {items.map((i) => (
        <Entry
          key={i.identity_id} name={`${named(i)}: ${i.name || i.subject}`} word={t('entry.unlink')} asking={asking} said={t('entry.unlinked')} run={() => unlinkIdentity(id, i.identity_id)}
          about={`sub ${i.subject}. ${t('entry.since', { at: dateTime(Date.parse(i.at)) })}`} question={{ title: t('entry.unlink.title', { name: i.name || i.subject }), text: t('entry.unlink.text') }}
        />
      ))}
      {providers.length > 0 && <Linking id={id} providers={providers.map((p) => ({ value: p.provider_id, label: p.name }))} />}
    </>
  );
}

interface EntryProps {
  name: string;
  about: string;
  word: string;
  question: { title: string; text: string };
  run: () => Promise<void>;
  said: string;
  /** A question stands above the form, which Escape answers. */
  asking: (is: boolean) => void;
}

/** Something to sign in with, and a button that takes it away after a question. */
function Entry({ name, about, word, question, run, said, asking }: EntryProps) {
  const why = useWhy();
  const [asked, set] = useState(false);
  const [busy, setBusy] = useState(false);
  const ask = (is: boolean) => {
    set(is);
    asking(is);
  };
  const take = () => {
    setBusy(true);
    run()
      .then(() => say(said), (e: unknown) => complain(why(e)))
      .finally(() => {
        setBusy(false);
        ask(false);
      });
  };
  return (
    <Group justify="space-between" wrap="nowrap">
      <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        <Text size="sm" fw={500}>{name}</Text>
        <Text size="xs" c="dimmed">{about}</Text>
      </div>
      <Button variant="default" size="compact-sm" flex="none" aria-label={`${word}: ${name}`} onClick={() => ask(true)}>{word}</Button>
      <ConfirmDialog opened={asked} danger busy={busy} title={question.title} text={question.text} confirm={word} onConfirm={take} onCancel={() => ask(false)} />
    </Group>
  );
}

/** An account at a provider is linked by what the provider calls it for good. */
function Linking({ id, providers }: { id: string; providers: { value: string; label: string }[] }) {
  const { t } = useEntryWords();
  const why = useWhy();
  const [provider, choose] = useState(providers[0]?.value ?? null);
  const [subject, write] = useState('');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const run = () => {
    setBusy(true);
    linkIdentity(id, provider ?? '', subject.trim())
      .then(() => {
        write('');
        say(t('entry.linked'));
      }, (e: unknown) => setWrong(why(e)))
      .finally(() => setBusy(false));
  };
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <Select w={180} label={t('entry.link.provider')} allowDeselect={false} data={providers} value={provider} comboboxProps={{ transitionProps: { duration: 0 } }} onChange={choose} />
      <TextInput
        flex={1} label={t('entry.link.subject')} placeholder={t('entry.link.subject.hint')} value={subject} error={wrong}
        onChange={(e) => {
          write(e.currentTarget.value);
          setWrong('');
        }}
        onKeyDown={(e) => {
          if (e.key !== 'Enter') return;
          e.preventDefault(); // the form around it is something else
          if (subject.trim()) run();
        }}
      />
      <Button variant="default" loading={busy} disabled={!subject.trim()} onClick={run}>{t('entry.link')}</Button>
    </Group>
  );
}
