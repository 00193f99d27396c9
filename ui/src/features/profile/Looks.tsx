/** Language and light. */
import { Input, SegmentedControl, Stack, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useId } from 'react';
import { locales, useText, type Locale } from '../../i18n';

const schemes: readonly MantineColorScheme[] = ['light', 'dark', 'auto'];

export function Looks() {
  const { t, locale, setLocale } = useText();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Stack gap="md" align="flex-start">
      <Choice
        label={t('app.language')}
        value={locale}
        data={locales.map((l) => ({ value: l, label: t(`app.language.${l}`) }))}
        onChange={(l) => setLocale(l as Locale)}
      />
      <Choice
        label={t('app.theme')}
        value={colorScheme}
        data={schemes.map((s) => ({ value: s, label: t(`app.theme.${s}`) }))}
        onChange={(s) => setColorScheme(s as MantineColorScheme)}
      />
    </Stack>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  data: { value: string; label: string }[];
  onChange: (value: string) => void;
}

function Choice({ label, ...rest }: ChoiceProps) {
  const id = useId();
  return (
    <Stack gap={4} align="flex-start">
      <Input.Label id={id} component="div" labelElement="div">
        {label}
      </Input.Label>
      <SegmentedControl aria-labelledby={id} {...rest} />
    </Stack>
  );
}
