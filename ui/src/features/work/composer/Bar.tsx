/** Under the field: files at the left, the channel, and the button that sends. */
import { Button } from '@mantine/core';
import { memo, Suspense } from 'react';
import { useText } from '../../../i18n';
import { Hint } from '../../../kit';
import { PhoneIcon, SendIcon } from '../../../kit/icons';
import { usePreferences, type Ask } from '../../../sync';
import { ChannelSelect } from './ChannelSelect';
import { AskMenu } from './extras';
import { FileButtons } from './FileButtons';
import type { Channels } from './useChannels';
import classes from './composer.module.css';

interface Props {
  channels: Channels;
  channelsOpen: boolean;
  onChannelsOpen: (open: boolean) => void;
  onClosed: () => void;
  onFiles: (files: File[]) => void;
  asks: Ask[];
  onAsk: (ask: Ask) => void;
  /** Why nothing can be sent now. */
  blocked?: string;
  /** It will be sent when the files are there. */
  waits: boolean;
}

export const Bar = memo(function Bar({ channels, channelsOpen, onChannelsOpen, onClosed, onFiles, asks, onAsk, blocked, waits }: Props) {
  return (
    <div className={classes.bar}>
      <FileButtons onFiles={onFiles} />
      {asks.length > 0 && (
        <Suspense fallback={null}>
          <AskMenu asks={asks} onAsk={onAsk} onClosed={onClosed} />
        </Suspense>
      )}
      <ChannelSelect channels={channels} open={channelsOpen} onOpen={onChannelsOpen} onClosed={onClosed} />
      <span className={classes.spring} />
      <SendButton calls={channels.chosen.kind === 'phone'} blocked={blocked} waits={waits} />
    </div>
  );
});

function SendButton({ calls, blocked, waits }: { calls: boolean; blocked?: string; waits: boolean }) {
  const { t } = useText();
  const [{ sendKey }] = usePreferences();
  const label = t(calls ? 'work.call' : waits ? 'work.send.waits' : 'work.send');
  return (
    <Hint label={blocked ?? label} command={blocked || sendKey === 'enter' ? undefined : 'work.send'}>
      {/* It takes the focus even when it does nothing, so that the reason can be read. */}
      <Button
        type="submit" loading={waits} data-disabled={blocked ? true : undefined} aria-disabled={blocked ? true : undefined}
        leftSection={calls ? <PhoneIcon size={18} aria-hidden /> : <SendIcon size={18} aria-hidden />}
      >
        {label}
      </Button>
    </Hint>
  );
}
