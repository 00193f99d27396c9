/** Which key sends. */
import { Radio, Stack } from '@mantine/core';
import { usePreferences, type Preferences } from '../../sync';
import { useWords } from './text';

const keys = ['ctrlEnter', 'enter'] as const;

export function Sending() {
  const { t } = useWords();
  const [preferences, change] = usePreferences();
  return (
    <Radio.Group
      label={t('app.profile.sendKey')}
      value={preferences.sendKey}
      onChange={(key) => change({ sendKey: key as Preferences['sendKey'] })}
    >
      <Stack gap="xs" mt="xs">
        {keys.map((key) => (
          <Radio key={key} value={key} label={t(`app.profile.sendKey.${key}`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
