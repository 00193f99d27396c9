import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useText, type Locale } from '../i18n';
import { usePreferences } from '../sync';

/**
 * The language and the light follow a person to whatever computer they sign in
 * at. The browser keeps them too, for the page before anybody has signed in.
 */
export function useOwnLooks(): void {
  const [preferences, change] = usePreferences();
  const { locale, setLocale } = useText();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  usePair<Locale>(preferences.locale, locale, setLocale, (next) => change({ locale: next }));
  usePair<MantineColorScheme>(preferences.colorScheme, colorScheme, setColorScheme, (next) => change({ colorScheme: next }));
}

/** What is kept is shown once it is known; what is chosen here is kept. */
function usePair<T>(kept: T | undefined, shown: T, show: (value: T) => void, keep: (value: T) => void): void {
  const before = useRef<{ kept: T | undefined; shown: T }>({ kept: undefined, shown });
  useEffect(() => {
    const was = before.current;
    before.current = { kept, shown };
    if (kept !== was.kept) {
      if (kept !== undefined && kept !== shown) show(kept);
    } else if (shown !== was.shown && shown !== kept) keep(shown);
  });
}
