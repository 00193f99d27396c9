/** «Первые шаги»: from an empty server to the first conversation, on one page. */
import { Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useWords } from './text';
import { Failure, Lines } from '../../kit';
import { CenterForm } from './CenterForm';
import { Done } from './Done';
import { begunOf, isDone, nextStep, showAgain, steps, useKept, type Begun, type Kept, type StepName } from './kept';
import { More } from './More';
import { Needs, Operator } from './Operator';
import { Step } from './Step';
import { WidgetForm } from './WidgetForm';

export default function Welcome() {
  const { t } = useWords();
  const { data, error, refetch } = useKept();
  return (
    <Stack maw={720} mx="auto" p="lg" gap="md">
      <div>
        <Title order={1} size="h3" mb={4}>{t('app.welcome')}</Title>
        <Text c="dimmed">{t('welcome.text')}</Text>
      </div>
      {data ? <Steps kept={data} reread={async () => (await refetch()).data} /> : error ? <Failure problem={error} retry={() => void refetch()} /> : <Lines rows={6} height={56} />}
    </Stack>
  );
}

interface Props {
  kept: Kept;
  reread: () => Promise<Kept | undefined>;
}

function Steps({ kept, reread }: Props) {
  const begun = begunOf(kept);
  const [open, setOpen] = useState<StepName | 'done' | null>(() => nextStep(begun));
  const [secret, setSecret] = useState('');
  const saved = (step: StepName) => async () => {
    const fresh = await reread();
    void showAgain();
    setOpen(nextStep(fresh ? begunOf(fresh) : begun, step));
  };
  const skip = (step: StepName) => () => setOpen(steps[steps.indexOf(step) + 1] ?? 'done');
  const toggle = (step: StepName) => setOpen(open === step ? null : step);
  const ready = isDone('center', begun);
  const needs = <Needs onCenter={() => setOpen('center')} />;
  return (
    <>
      <Step name="center" begun={begun} open={open} onToggle={toggle}>
        <CenterForm begun={begun} onSaved={saved('center')} onSkip={skip('center')} />
      </Step>
      <Step name="operator" begun={begun} open={open} ready={ready} onToggle={toggle}>
        {ready ? <Operator begun={begun} logins={kept.users.map((u) => u.login)} reread={reread} onSaved={saved('operator')} onSkip={skip('operator')} /> : needs}
      </Step>
      <Step name="widget" begun={begun} open={open} ready={ready} onToggle={toggle}>
        {ready ? <WidgetForm begun={begun} onSecret={setSecret} onSaved={saved('widget')} onSkip={skip('widget')} /> : needs}
      </Step>
      {(open === 'done' || all(begun)) && <Done begun={begun} secret={secret} focus={open === 'done'} onStep={setOpen} />}
      {ready && <More />}
    </>
  );
}

function all(begun: Begun): boolean {
  return steps.every((step) => isDone(step, begun));
}
