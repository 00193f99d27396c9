/** «Готово»: what is set up, what is not, and where to go on. */
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useWords } from './text';
import { CheckIcon, ExternalIcon, MessagesIcon } from '../../kit/icons';
import { Copyable } from './Copyable';
import { isDone, steps, type Begun, type StepName } from './kept';
import { useSummary } from './summary';
import classes from './welcome.module.css';

interface Props {
  begun: Begun;
  secret: string;
  focus: boolean;
  onStep: (step: StepName) => void;
}

export function Done({ begun, secret, focus, onStep }: Props) {
  const { t } = useWords();
  const complete = steps.every((step) => isDone(step, begun));
  return (
    <Paper component="section" withBorder p="lg" aria-labelledby="welcome-done">
      <Stack gap="md">
        <Heading text={t(complete ? 'welcome.done' : 'welcome.almost')} focus={focus} />
        <ul className={classes.list}>
          {steps.map((step) => <Item key={step} step={step} begun={begun} onStep={onStep} />)}
        </ul>
        {begun.widget && <Copyable label={t('welcome.tag')} text={scriptTag(location.origin, begun.widget.account_id)} />}
        {begun.widget && <Text size="sm" c="dimmed">{t('welcome.tag.text')}</Text>}
        {secret && <Secret secret={secret} />}
        <Ways begun={begun} />
      </Stack>
    </Paper>
  );
}

export function scriptTag(origin: string, account: string): string {
  return `<script src="${origin}/widget.js" data-account="${account}"></script>`;
}

function Heading({ text, focus }: { text: string; focus: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!focus) return;
    heading.current?.focus();
    heading.current?.closest('section')?.scrollIntoView?.({ block: 'nearest' });
  }, [focus]);
  return <Title id="welcome-done" ref={heading} order={2} size="h4" tabIndex={-1}>{text}</Title>;
}

function Item({ step, begun, onStep }: { step: StepName; begun: Begun; onStep: (step: StepName) => void }) {
  const { t } = useWords();
  const summary = useSummary()(step, begun);
  const done = isDone(step, begun);
  return (
    <li className={classes.item}>
      <span className={classes.number} data-done={done || undefined} aria-hidden>
        {done ? <CheckIcon size={16} /> : steps.indexOf(step) + 1}
      </span>
      <Text span>
        {t(`welcome.${step}`)}: <Text span c="dimmed">{done ? summary : t('welcome.isNot')}</Text>
      </Text>
      {!done && (
        <Button size="compact-sm" variant="default" ml="auto" aria-label={t('welcome.setUp.what', { what: t(`welcome.${step}`) })} onClick={() => onStep(step)}>
          {t('welcome.setUp')}
        </Button>
      )}
    </li>
  );
}

/** Only who writes the site's server needs it, but it is shown this once. */
function Secret({ secret }: { secret: string }) {
  const { t } = useWords();
  return (
    <details className={classes.secret}>
      <summary>{t('welcome.secret')}</summary>
      <Stack gap={8} mt="sm">
        <Text size="sm" c="dimmed">{t('welcome.secret.text')}</Text>
        <Copyable label={t('welcome.secret.label')} text={secret} />
      </Stack>
    </details>
  );
}

/** The workplace is loaded anew: the first steps may have changed what its user may do. */
function Ways({ begun }: { begun: Begun }) {
  const { t } = useWords();
  return (
    <>
      {isDone('operator', begun) && <Text size="sm">{t('welcome.online')}</Text>}
      <Group gap="xs">
        <Button component="a" href="/work" leftSection={<MessagesIcon size={18} aria-hidden />}>{t('welcome.work')}</Button>
        {begun.widget && (
          <Button component="a" href="/demo" target="_blank" rel="noopener" variant="default" rightSection={<ExternalIcon size={16} aria-hidden />}>
            {t('welcome.demo')}
          </Button>
        )}
      </Group>
    </>
  );
}
