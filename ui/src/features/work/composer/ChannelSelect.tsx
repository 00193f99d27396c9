/** Where the next message goes: always to be seen, chosen for one message. */
import { Select } from '@mantine/core';
import { memo, useEffect, useRef } from 'react';
import { useText } from '../../../i18n';
import { ChannelIcon, useChannelName } from '../../../kit';
import type { Channel, Channels } from './useChannels';
import classes from './composer.module.css';

interface Props {
  channels: Channels;
  open: boolean;
  onOpen: (open: boolean) => void;
  onClosed: () => void;
}

export const ChannelSelect = memo(function ChannelSelect({ channels: { all, chosen, choose }, open, onOpen, onClosed }: Props) {
  const { t } = useText();
  const name = useName();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (open) input.current?.focus();
  }, [open]);

  if (all.length < 2) {
    return (
      <span className={classes.only}>
        <ChannelIcon kind={chosen.kind} plain /> {name(chosen)}
      </span>
    );
  }
  const find = (key: string) => all.find((c) => c.key === key);
  return (
    <Select
      ref={input} aria-label={t('work.channel')} size="xs" w={220} allowDeselect={false} checkIconPosition="right"
      leftSection={<ChannelIcon kind={chosen.kind} plain />} value={chosen.key}
      data={all.map((c) => ({ value: c.key, label: name(c) }))}
      renderOption={({ option }) => (
        <span className={classes.only}>
          <ChannelIcon kind={find(option.value)?.kind ?? ''} plain /> {option.label}
        </span>
      )}
      dropdownOpened={open} onDropdownOpen={() => onOpen(true)} onDropdownClose={() => onOpen(false)}
      onChange={(key) => {
        if (key) choose(key);
        onClosed();
      }}
      comboboxProps={{ position: 'top-start', width: 280 }}
    />
  );
});

function useName(): (c: Channel) => string {
  const kind = useChannelName();
  return (c) => (c.label ? `${kind(c.kind)}: ${c.label}` : kind(c.kind));
}
