/** «Удержание (HOLD)»: a phrase goes straight out and never touches what is being typed. */
import { ActionIcon, Group, Select, Text } from '@mantine/core';
import { memo, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useText } from '../../i18n';
import { Hint, useCommands } from '../../kit';
import { SendIcon } from '../../kit/icons';
import { useWorkplace } from '../../sync';
import classes from './side.module.css';

interface Props {
  /** Sends a phrase to the open conversation. */
  onSend: (text: string) => void;
  /** No conversation is open. */
  idle: boolean;
}

export const Hold = memo(function Hold(props: Props) {
  const { t } = useText();
  const { phrases } = useWorkplace();
  return (
    <section className={classes.hold} aria-label={t('side.hold')}>
      <h2>{t('side.hold')}</h2>
      {phrases.length === 0 ? <Text size="sm" c="dimmed">{t('side.hold.none')}</Text> : <Chooser {...props} />}
    </section>
  );
});

function Chooser({ onSend, idle }: Props) {
  const { t } = useText();
  const { phrases } = useWorkplace();
  const [chosen, choose] = useState<string | null>(null);
  const [listed, list] = useState(false);
  const select = useFocusCommand();
  const phrase = phrases.find((each) => each.phraseId === chosen);
  const reason = idle ? t('side.hold.idle') : phrase ? '' : t('side.hold.choose');
  const send = () => {
    if (!phrase || reason) return;
    onSend(phrase.text);
    choose(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.code !== 'Enter' || listed || reason) return;
    event.preventDefault();
    send();
  };
  return (
    <>
      <Group gap={8} wrap="nowrap">
        <Select
          ref={select}
          flex={1}
          aria-label={t('side.hold')}
          placeholder={t('side.hold.choose')}
          nothingFoundMessage={t('side.hold.unfound')}
          data={phrases.map((each) => ({ value: each.phraseId, label: each.text }))}
          value={chosen}
          onChange={choose}
          onDropdownOpen={() => list(true)}
          onDropdownClose={() => list(false)}
          onKeyDown={onKeyDown}
          comboboxProps={{ position: 'top-start', shadow: 'md' }}
          maxDropdownHeight={280}
          searchable
          clearable={false}
        />
        <Hint label={reason || t('side.hold.send')}>
          <ActionIcon size={36} aria-label={t('side.hold.send')} onClick={send} data-disabled={Boolean(reason) || undefined} aria-disabled={Boolean(reason)}>
            <SendIcon size={18} />
          </ActionIcon>
        </Hint>
      </Group>
      <Text size="xs" c="dimmed" mt={6}>{t('side.hold.hint')}</Text>
    </>
  );
}

/** The key of HOLD leads here. */
function useFocusCommand() {
  const { t } = useText();
  const ref = useRef<HTMLInputElement>(null);
  const commands = useMemo(
    () => [{ id: 'work.hold', label: t('side.hold'), group: t('side.panel'), run: () => ref.current?.focus() }],
    [t],
  );
  useCommands(commands);
  return ref;
}
