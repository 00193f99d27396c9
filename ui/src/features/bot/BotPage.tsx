/** «Бот»: what it has learnt, how well it answers, what would help it, and a phrase to try. */
import { Button, Group, Select, Title } from '@mantine/core';
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { complain, Failure, Lines } from '../../kit';
import { RefreshIcon } from '../../kit/icons';
import { PartLinks } from '../../kit/PartLinks';
import { trainBot, useBot, type Bot } from '../../sync/bot';
import { Improve } from './Improve';
import { addressOf, placeOf, tabs, type Place } from './place';
import { Quality } from './Quality';
import { useOurReason } from './sentences';
import { State } from './State';
import { useWords } from './text';
import { TryPhrase } from './TryPhrase';
import classes from './bot.module.css';

export default function BotPage() {
  const { t } = useWords();
  const [path] = useLocation();
  const place = placeOf(path, useSearch());
  const { data, error, refetch } = useBot();
  return (
    <div className={classes.page}>
      <Group justify="space-between">
        <Title order={1} size="h3">{t('bot.title')}</Title>
        {data && <Train bot={data} />}
      </Group>
      <Group justify="space-between" align="flex-end" gap={0} className={classes.bar}>
        <Tabs place={place} />
        {data && <Language bot={data} place={place} />}
      </Group>
      {data ? <Shown bot={data} place={place} /> : error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={8} height={28} />}
    </div>
  );
}

function Shown({ bot, place }: { bot: Bot; place: Place }) {
  switch (place.tab) {
    case 'state':
      return <State bot={bot} />;
    case 'quality':
      return <Quality language={place.language} known={bot.languages.some((l) => l.model)} />;
    case 'improve':
      return <Improve language={place.language} known={bot.languages.some((l) => l.model)} />;
    case 'try':
      return <TryPhrase />;
  }
}

function Train({ bot }: { bot: Bot }) {
  const { t } = useWords();
  const reason = useOurReason();
  const [asking, setAsking] = useState(false);
  const train = () => {
    setAsking(true);
    trainBot()
      .catch((thrown: unknown) => complain(reason(thrown)))
      .finally(() => setAsking(false));
  };
  return (
    <Button leftSection={<RefreshIcon size={16} aria-hidden />} loading={asking} disabled={!!bot.training} title={bot.training && t('bot.training')} onClick={train}>
      {t('bot.train')}
    </Button>
  );
}

function Tabs({ place }: { place: Place }) {
  const { t } = useWords();
  return (
    <PartLinks
      label={t('bot.title')}
      parts={tabs.map((tab) => ({ href: addressOf({ ...place, tab }), text: t(`bot.tab.${tab}`), current: tab === place.tab }))}
    />
  );
}

/** The report is of one language; where there is one alone, nothing is asked. */
function Language({ bot, place }: { bot: Bot; place: Place }) {
  const { t, languageName } = useWords();
  const [, navigate] = useLocation();
  const known = bot.languages.filter((l) => l.model).sort((a, b) => (b.model?.examples ?? 0) - (a.model?.examples ?? 0));
  if (known.length < 2 || place.tab === 'state' || place.tab === 'try') return null;
  return (
    <Select
      size="xs" w={160} mb={6} aria-label={t('bot.language')} allowDeselect={false} value={place.language || known[0]!.language}
      data={known.map(({ language }) => ({ value: language, label: languageName(language) }))}
      onChange={(language) => navigate(addressOf({ ...place, language: language ?? '' }))}
    />
  );
}
