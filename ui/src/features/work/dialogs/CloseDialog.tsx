/** «Завершить»: are you sure, what was it about, was the customer content. */
import { Button, Group, Modal, Radio, Rating, Stack, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../../../i18n';
import { Failure, useFocusBack } from '../../../kit';
import { ChevronDownIcon, FinishIcon } from '../../../kit/icons';
import { desk, useSession, useWorkplace, type Conversation } from '../../../sync';
import { useNames } from '../../../sync/names';
import { useCustomerName } from '../names';
import { TopicPicker } from '../topics/TopicPicker';
import { missing, toldOf } from './closing';
import classes from './dialogs.module.css';

interface Props {
  conversation: Conversation;
  opened: boolean;
  onClose: () => void;
  onDone: () => void;
}

export function CloseDialog({ conversation, opened, onClose, onDone }: Props) {
  const { t } = useText();
  useFocusBack();
  return (
    <Modal opened={opened} onClose={onClose} title={t('work.close.title')} centered>
      <CloseForm conversation={conversation} onClose={onClose} onDone={onDone} />
    </Modal>
  );
}

export function CloseForm({ conversation, onClose, onDone }: Omit<Props, 'opened'>) {
  const { t } = useText();
  const name = useCustomerName();
  const form = useClosing(conversation, onDone);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      <Stack gap="md">
        <Text size="sm">{t('work.close.text', { name: name(conversation) })}</Text>
        {conversation.unanswered > 0 && <Text size="sm" className={classes.care}>{t('work.close.unanswered', { count: conversation.unanswered })}</Text>}
        <TopicField value={form.topicId} onChange={form.setTopic} first={form.asked} />
        {conversation.rating > 0 && <Rated rating={conversation.rating} comment={conversation.ratingComment} />}
        {form.asked && <Question value={form.dissatisfied} onChange={form.setDissatisfied} wrong={form.wrong} />}
        {form.problem !== undefined && <Failure problem={form.problem} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t('kit.cancel')}</Button>
          <Button type="submit" loading={form.busy} leftSection={<FinishIcon size={18} aria-hidden />} data-autofocus={form.asked ? undefined : true}>
            {t('work.close')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useClosing(conversation: Conversation, onDone: () => void) {
  const { may } = useSession();
  const asked = useWorkplace().settings.askDissatisfied || may('modify_user_dissatisfaction');
  const [topicId, setTopic] = useState(conversation.topicId);
  const [dissatisfied, setDissatisfied] = useState<boolean>();
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const closing = { topicId, dissatisfied };
  const wrong = tried && missing(closing, asked) !== undefined;

  const submit = () => {
    setTried(true);
    if (missing(closing, asked) || busy) return;
    setBusy(true);
    setProblem(undefined);
    desk.close(conversation.id, toldOf(closing, asked)).then(onDone, (thrown: unknown) => {
      setBusy(false);
      setProblem(thrown);
    });
  };
  return { asked, topicId, setTopic, dissatisfied, setDissatisfied, wrong, busy, problem, submit };
}

function TopicField({ value, onChange, first }: { value: string; onChange: (id: string) => void; first: boolean }) {
  const { t } = useText();
  const [opened, open] = useState(false);
  const path = useNames().topicPath(value, '');
  return (
    <div>
      <Text size="sm" fw={500} mb={4} id="close-topic">{t('work.topic')}</Text>
      <TopicPicker value={value} onChange={onChange} opened={opened} onOpen={open}>
        <UnstyledButton
          className={classes.select} aria-haspopup="listbox" aria-expanded={opened} aria-labelledby="close-topic close-topic-value" data-autofocus={first || undefined}
          onClick={() => open(!opened)}
        >
          <span id="close-topic-value" data-unset={!path || undefined}>{path || t('work.topic.unset')}</span>
          <ChevronDownIcon size={16} aria-hidden />
        </UnstyledButton>
      </TopicPicker>
    </div>
  );
}

function Rated({ rating, comment }: { rating: number; comment: string }) {
  const { t } = useText();
  return (
    <div>
      <Group gap="sm">
        <Text size="sm" fw={500}>{t('work.close.rating')}</Text>
        <span role="img" aria-label={t('work.close.rated', { rating })}>
          <Rating value={rating} readOnly aria-hidden />
        </span>
      </Group>
      {comment && <Text size="sm" c="dimmed">«{comment}»</Text>}
    </div>
  );
}

function Question({ value, onChange, wrong }: { value: boolean | undefined; onChange: (v: boolean) => void; wrong: boolean }) {
  const { t } = useText();
  return (
    <Radio.Group
      label={t('work.close.dissatisfied')} withAsterisk error={wrong && t('work.close.answer')}
      value={value === undefined ? '' : value ? 'yes' : 'no'} onChange={(v) => onChange(v === 'yes')}
    >
      <Group my={8} gap="lg">
        <Radio value="no" label={t('work.no')} />
        <Radio value="yes" label={t('work.yes')} />
      </Group>
    </Radio.Group>
  );
}
