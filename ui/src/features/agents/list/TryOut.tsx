/** «Проверка»: the agent is asked for once, and shows what would come of it. */
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useReason } from '../../../kit';
import { CheckIcon, ErrorIcon } from '../../../kit/icons';
import { problemOf } from '../../../sync';
import { tryAgent, type TriedAgent } from '../../../sync/agents';
import { useOurWords } from '../../../kit/sheet/OurWords';
import { useWords } from '../text';
import classes from '../agents.module.css';
import { actWords } from './acts';

export function TryOut({ id, dirty }: { id: string; dirty: boolean }) {
  const { t } = useWords();
  const reason = useReason();
  const ours = useOurWords();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState<TriedAgent>();
  const run = async () => {
    setWrong(text.trim() ? '' : t('agents.try.empty'));
    if (!text.trim() || busy || dirty) return;
    setBusy(true);
    setTried(undefined);
    try {
      setTried(await tryAgent(id, text));
    } catch (thrown) {
      const { status, detail } = problemOf(thrown);
      setWrong(status === 422 && detail ? ours(detail) : reason(thrown));
    }
    setBusy(false);
  };
  return (
    <section className={classes.trial} aria-label={t('agents.try')}>
      <Group gap="xs" wrap="nowrap" align="flex-end">
        <TextInput
          flex={1} label={t('agents.try.text')} description={dirty ? t('agents.try.first') : t('agents.try.hint')} placeholder={t('agents.try.example')}
          value={text} maxLength={2000} onChange={(e) => setText(e.currentTarget.value)}
          onKeyDown={(e) => {
            if (e.key !== 'Enter') return;
            e.preventDefault(); // the form around is for what is kept
            void run();
          }}
        />
        <Button variant="default" loading={busy} disabled={dirty} onClick={() => void run()}>{t('agents.try.do')}</Button>
      </Group>
      <div role="status">
        {wrong && <Text size="sm" c="red" mt={4}>{wrong}</Text>}
        {tried && <Told tried={tried} />}
      </div>
    </section>
  );
}

function Told({ tried }: { tried: TriedAgent }) {
  const { t, locale } = useWords();
  const ours = useOurWords();
  const { failure, later, why, sent, status, answer, actions } = tried;
  const asked = sent !== undefined;
  const seconds = tried.seconds.toLocaleString(locale, { maximumSignificantDigits: 2 });
  const how = failure || (later ? 'later' : asked ? 'ok' : 'unasked');
  return (
    <Alert mt="xs" variant="light" color={failure ? 'red' : asked ? 'green' : 'yellow'} icon={failure ? <ErrorIcon size={20} aria-hidden /> : <CheckIcon size={20} aria-hidden />} title={t(`agents.try.${how}`, { seconds })}>
      <Stack gap="xs">
        {why && <Text size="sm" className={classes.small}>{ours(why)}</Text>}
        {!later && (
          <div>
            <Text size="sm" fw={600}>{t('agents.try.would')}</Text>
            <ul className={classes.acts}>
              {actions.length === 0 && <li>{t('agents.try.nothing')}</li>}
              {actions.map((action, i) => <li key={i}>{actWords(action, t)}</li>)}
            </ul>
          </div>
        )}
        {asked && <Raw title={t('agents.try.sent')} text={JSON.stringify(sent, null, 2)} />}
        {answer && <Raw title={t('agents.try.answer', { status })} text={answer} />}
      </Stack>
    </Alert>
  );
}

function Raw({ title, text }: { title: string; text: string }) {
  return (
    <details>
      <summary className={classes.small}>{title}</summary>
      <pre className={classes.raw} tabIndex={0} aria-label={title}>{text}</pre>
    </details>
  );
}
