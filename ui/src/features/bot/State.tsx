/** «Состояние»: in plain words, what is in use and what it is able to do. */
import { Alert, Badge, Button, Group, List, Progress, Text, Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { Empty, say } from '../../kit';
import { InfoIcon, LearnIcon } from '../../kit/icons';
import { useNow, useSession } from '../../sync';
import { botChanged, useBotReport, useHasBot, type Bot, type BotFigures, type BotLanguage } from '../../sync/bot';
import { useNames } from '../../sync/names';
import { Models } from './Models';
import { addressOf } from './place';
import { useSentence } from './sentences';
import { useWords } from './text';
import classes from './bot.module.css';

export function State({ bot }: { bot: Bot }) {
  const { t, dateTime } = useWords();
  const { may } = useSession();
  const hasBot = useHasBot();
  useFinished(bot);
  const learnt = bot.languages.some((l) => l.model);
  return (
    <>
      {bot.training && <Training training={bot.training} languages={bot.languages} />}
      {bot.languages.length === 0 && !bot.training && <Beginning />}
      {learnt && hasBot === false && (
        <Alert variant="light" color="gray" icon={<InfoIcon size={20} aria-hidden />} title={t('bot.noAgent')}>
          {t('bot.noAgent.text')} {may('modify_configuration') && <Link href="/agents" className={classes.inText}>{t('app.menu.agents')}</Link>}
        </Alert>
      )}
      {bot.languages.length > 0 && (
        <div className={classes.cards}>
          {bot.languages.map((one) => <LanguageCard key={one.language} one={one} target={bot.precision} />)}
        </div>
      )}
      <Text size="sm" c="dimmed">{t('bot.next', { at: dateTime(Date.parse(bot.next)) })}</Text>
      {learnt && <Models />}
    </>
  );
}

/**
 * When a training is over, everything it has changed is asked for anew. A short one
 * may never have been seen under way: its end is told by the time of the last one.
 */
function useFinished(bot: Bot): void {
  const { t } = useWords();
  const now = bot.training ? 'busy' : bot.languages.map((l) => `${l.language} ${l.last.at ?? ''}`).join();
  const before = useRef(now);
  useEffect(() => {
    const same = now === before.current;
    before.current = now;
    if (same || now === 'busy') return;
    say(t('bot.trained'));
    void botChanged();
  }, [now, t]);
}

function Training({ training, languages }: { training: NonNullable<Bot['training']>; languages: BotLanguage[] }) {
  const { t, duration, languageName } = useWords();
  const gone = Math.max(0, useNow() - Date.parse(training.since));
  const usual = 1000 * languages.reduce((sum, l) => sum + (l.model?.seconds ?? 0), 0);
  const title = training.language ? t('bot.training.language', { language: languageName(training.language) }) : t('bot.training');
  const time = duration(gone);
  return (
    <section className={classes.card} aria-label={t('bot.training')}>
      <Title order={2} size="h5">{title}</Title>
      <Progress value={usual > 0 ? Math.min(95, (100 * gone) / usual) : 100} animated={usual === 0} striped aria-label={title} />
      <Text size="sm">{usual > 1000 ? t('bot.training.usual', { time, usual: duration(usual) }) : t('bot.training.time', { time })}</Text>
      <Text size="sm" c="dimmed">{t('bot.training.serves')}</Text>
    </section>
  );
}

/** A fresh installation: what to do so that the bot has something to learn. */
function Beginning() {
  const { t } = useWords();
  return (
    <section className={classes.card}>
      <Empty icon={<LearnIcon size={32} aria-hidden />} title={t('bot.none')} text={t('bot.none.text')}>
        <List type="ordered" size="sm" ta="start" maw={520} spacing={6} mt="sm" c="var(--mantine-color-text)">
          <List.Item>{t('bot.none.step1')}</List.Item>
          <List.Item>{t('bot.none.step2')}</List.Item>
          <List.Item>{t('bot.none.step3')}</List.Item>
        </List>
        <Button component={Link} href="/knowledge/articles" mt="sm">{t('bot.none.knowledge')}</Button>
      </Empty>
    </section>
  );
}

function LanguageCard({ one, target }: { one: BotLanguage; target: number }) {
  const { t, languageName } = useWords();
  const { data } = useBotReport(one.language, !!one.model);
  const state = !one.model ? 'unlearnt' : data?.figures.automatic ? 'alone' : data ? 'hints' : undefined;
  const colours = { unlearnt: 'gray', alone: 'green', hints: 'blue' };
  return (
    <section className={classes.card} aria-label={languageName(one.language)}>
      <Group justify="space-between">
        <Title order={2} size="h5">{languageName(one.language)}</Title>
        {state && <Badge variant="light" tt="none" color={colours[state]}>{t(`bot.${state}`)}</Badge>}
      </Group>
      {!one.model && <Text size="sm">{t('bot.unlearnt.text')}</Text>}
      {data && <Ability figures={data.figures} target={target} language={one.language} />}
      <Facts one={one} />
      {one.model && (
        <Button component={Link} href={addressOf({ tab: 'quality', language: one.language })} variant="default" size="compact-sm" mt="auto" style={{ alignSelf: 'flex-start' }}>
          {t('bot.quality')}
        </Button>
      )}
    </section>
  );
}

/** Whether it answers by itself, or what it takes until it does. */
function Ability({ figures: f, target, language }: { figures: BotFigures; target: number; language: string }) {
  const { t, percent } = useWords();
  if (f.automatic) return <Text size="sm">{t('bot.alone.text', { coverage: percent(f.coverage), precision: percent(f.precision) })}</Text>;
  if (f.missing > 0) return <Text size="sm">{t('bot.hints.missing', { count: f.missing, target: percent(target) })}</Text>;
  return (
    <Text size="sm">
      {t('bot.hints.confused', { target: percent(target) })} <Link href={addressOf({ tab: 'improve', language })} className={classes.inText}>{t('bot.tab.improve')}</Link>
    </Text>
  );
}

function Facts({ one: { model, since, by, fresh, last } }: { one: BotLanguage }) {
  const { t, dateTime } = useWords();
  const said = useSentence();
  const { operator: who } = useNames();
  const at = (time: string) => dateTime(Date.parse(time));
  return (
    <dl className={classes.facts}>
      {model && (
        <>
          <dt>{t('bot.model')}</dt>
          <dd>{t('bot.model.made', { at: at(model.at) })}</dd>
          {since && (
            <>
              <dt>{t('bot.model.since')}</dt>
              <dd>{by ? t('bot.model.by', { at: at(since), who: who(by) }) : t('bot.model.sinceAt', { at: at(since) })}</dd>
            </>
          )}
          <dt>{t('bot.examples')}</dt>
          <dd>{t('bot.examples.of', { count: model.examples, articles: model.articles })}</dd>
          <dt>{t('bot.fresh')}</dt>
          <dd>{fresh > 0 ? t('bot.fresh.count', { count: fresh }) : t('bot.fresh.none')}</dd>
        </>
      )}
      {last.result && last.at && (
        <>
          <dt>{t('bot.last')}</dt>
          <dd>
            {at(last.at)}: {t(`bot.result.${last.result}`)}
            {last.why && <Text size="xs" c="dimmed">{said(last.why)}</Text>}
          </dd>
        </>
      )}
    </dl>
  );
}
