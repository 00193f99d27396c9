/** A colour: one of those that go with most sites, any other by the browser's own picker, or as it is written. */
import { Group, Stack, TextInput, UnstyledButton } from '@mantine/core';
import { useWords } from './text';
import { CheckIcon } from '../../kit/icons';
import { checkAccent, inkOn } from './check';
import classes from './welcome.module.css';

/** The widget's own colour first. */
const swatches = ['#0b6e75', '#1864ab', '#5f3dc4', '#a61e4d', '#c2410c', '#2b8a3e', '#1f2933', '#f5b301'];

interface Props {
  value?: string;
  onChange: (colour: string) => void;
}

export function Accent({ value = '', onChange, ...field }: Props) {
  const { t } = useWords();
  const picker = (
    <input
      type="color"
      className={classes.picker}
      aria-label={t('welcome.accent.pick')}
      value={checkAccent(value) ? swatches[0] : value.toLowerCase()}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
  return (
    <Stack gap={8}>
      <TextInput label={t('welcome.accent')} withAsterisk spellCheck={false} leftSection={picker} value={value} onChange={(event) => onChange(event.currentTarget.value)} {...field} />
      <Group gap={6} role="group" aria-label={t('welcome.accent.ready')}>
        {swatches.map((colour) => (
          <UnstyledButton
            key={colour}
            className={classes.swatch}
            style={{ background: colour, color: inkOn(colour) }}
            aria-label={colour}
            aria-pressed={value.toLowerCase() === colour}
            onClick={() => onChange(colour)}
          >
            {value.toLowerCase() === colour && <CheckIcon size={16} aria-hidden />}
          </UnstyledButton>
        ))}
      </Group>
    </Stack>
  );
}
