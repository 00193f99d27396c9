import { useMemo } from 'react';
import { makePart } from '../../i18n/part';
import { bot } from '../../i18n/ru/bot';

/** The texts of the bot's page, which come with it. */
const useTexts = makePart({ ru: bot, english: async () => (await import('../../i18n/en/bot')).bot });

/** The texts, and how parts of one and languages are written. */
export function useWords() {
  const text = useTexts();
  return useMemo(() => {
    const percent = new Intl.NumberFormat(text.locale, { style: 'percent', maximumFractionDigits: 1 });
    const points = new Intl.NumberFormat(text.locale, { maximumFractionDigits: 1 });
    const names = new Intl.DisplayNames(text.locale, { type: 'language' });
    return {
      ...text,
      /** «92,5 %». */
      percent: (part: number) => percent.format(part),
      /** «1,5», of a hundred. */
      points: (part: number) => points.format(100 * part),
      /** «Русский»; a code that is none is shown as it is. */
      languageName: (code: string) => capital(nameOf(names, code)),
    };
  }, [text]);
}

function nameOf(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

const capital = (text: string) => text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
