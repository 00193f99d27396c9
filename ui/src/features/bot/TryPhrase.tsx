/** «Проверить фразу»: what the bot would answer, and why. */
import { Badge, Button, Group, Progress, Select, Text, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { Link } from 'wouter';
import { useWorkplace } from '../../sync';
import { tryPhrase, type TriedMatch, type TriedPhrase } from '../../sync/bot';
import { articleAt } from './place';
import { useOurReason } from './sentences';
import { useWords } from './text';
import classes from './bot.module.css';

export function TryPhrase() {
  const { t } = useWords();
  const reason = useOurReason();
  const { lines } = useWorkplace();
  const [text, setText] = useState('');
  const [line, setLine] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState<TriedPhrase>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setWrong(text.trim() ? '' : t('bot.try.empty'));
    if (!text.trim()) return;
    setBusy(true);
    try {
      setTried(await tryPhrase(text, line, lines.find((l) => l.lineId === line)?.centerId));
    } catch (thrown) {
      setTried(undefined);
      setWrong(reason(thrown));
    }
    setBusy(false);
  };
  return (
    <>
      <Text size="sm" c="dimmed">{t('bot.try.text')}</Text>
      <form noValidate onSubmit={(e) => void submit(e)} className={classes.form}>
        <TextInput className={classes.grow} label={t('bot.try.phrase')} placeholder={t('bot.try.example')} value={text} error={wrong} maxLength={2000} onChange={(e) => setText(e.currentTarget.value)} />
        {lines.length > 0 && (
          <Select
            w={220} label={t('bot.try.line')} value={line} allowDeselect={false} onChange={(value) => setLine(value ?? '')}
            data={[{ value: '', label: t('bot.try.line.any') }, ...lines.map((l) => ({ value: l.lineId, label: l.name || l.lineId }))]}
          />
        )}
        <Button type="submit" loading={busy} mt={25}>{t('bot.try.do')}</Button>
      </form>
      <div role="status">{tried && <Verdict tried={tried} />}</div>
      {tried && tried.items.length > 0 && (
        <ol className={classes.list} aria-label={t('bot.try.results')}>
          {worthShowing(tried.items).map((m) => <Match key={m.article_id} match={m} />)}
        </ol>
      )}
    </>
  );
}

/** The first, and what else is at all likely. */
export const worthShowing = (items: readonly TriedMatch[]) => items.filter((m, i) => i === 0 || m.probability >= 0.005);

/** Of parts that lie in a stronger one, nobody wants to read. */
export const telling = (parts: TriedMatch['parts']) => parts.filter(({ part }, i) => !parts.slice(0, i).some((stronger) => stronger.part.includes(part)));

function Verdict({ tried: { items, sure, model, no_article } }: { tried: TriedPhrase }) {
  const { t, percent } = useWords();
  const said = items.length === 0 ? 'bot.try.nothing' : sure ? 'bot.try.sure' : 'bot.try.unsure';
  return (
    <>
      <Text fw={600}>{t(said)}</Text>
      <Text size="sm" c="dimmed">{model ? t('bot.try.noArticle', { n: percent(no_article) }) : t('bot.try.nomodel')}</Text>
    </>
  );
}

function Match({ match: m }: { match: TriedMatch }) {
  const { t, percent } = useWords();
  return (
    <li className={classes.card}>
      <Group justify="space-between" wrap="nowrap">
        <Group gap={8}>
          <Title order={2} size="h5"><Link href={articleAt(m.article_id)} className={classes.link}>{m.title || m.identifier}</Link></Title>
          {m.exact && <Badge variant="light" color="green" tt="none">{t('bot.try.exact')}</Badge>}
          {m.rejected > 0 && <Badge variant="light" color="orange" tt="none">{t('bot.try.rejected', { count: m.rejected })}</Badge>}
        </Group>
        <Text fw={600} className={classes.digits}>{percent(m.probability)}</Text>
      </Group>
      <Progress value={100 * m.probability} size="sm" aria-label={t('bot.try.likely', { n: percent(m.probability) })} />
      {(m.nearest.length > 0 || m.parts.length > 0) && (
        <details className={classes.twin}>
          <summary>{t('bot.try.why')}</summary>
          <div className={classes.two}>
            {m.nearest.length > 0 && (
              <div>
                <Text size="sm" fw={600}>{t('bot.try.nearest')}</Text>
                <ul className={classes.why}>
                  {m.nearest.map((n) => <li key={n.text}><span>{n.text}</span> <span className={classes.dim}>{percent(n.likeness)}</span></li>)}
                </ul>
              </div>
            )}
            {m.parts.length > 0 && (
              <div>
                <Text size="sm" fw={600}>{t('bot.try.parts')}</Text>
                <Group gap={6} mt={6}>
                  {telling(m.parts).map((p) => <Badge key={p.part} variant="light" color="gray" tt="none" radius="sm">{p.part}</Badge>)}
                </Group>
              </div>
            )}
          </div>
        </details>
      )}
    </li>
  );
}
