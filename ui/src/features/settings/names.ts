/** How settings are called, and what the server says of them. */
import { settings } from '../../i18n/ru/settings';
import { translator, type Sentence } from '../../i18n/translator';
import type { Setting } from '../../sync/settings';
import { useWords, type T } from './text';

/** Names of settings come from the server: one that this build has no words for is called by its path. */
export function nameOf(id: string, t: T): string {
  const key = `settings.${id}`;
  return key in settings ? t(key as 'settings.affinity') : id;
}

export function hintOf(id: string, t: T): string {
  return nameOf(`${id}.hint`, t);
}

/** What stands in the unit of a setting's field. */
export const unitName = (s: Setting, t: T): string => (s.unit ? t(`settings.unit.${s.unit as 'minutes'}`) : '');

const sentences: Sentence[] = [
  ['there is no agent {}', 'Агента {} больше нет'],
  ['there is no center {}', 'Колл-центра {} больше нет'],
  ['what this change did has been taken back already', 'Это изменение уже отменено'],
  ['there is no change of these settings at revision {}', 'Такого изменения нет'],
  ['alerts are posted to http:// or https://, without a password in the address', 'Адрес начинается с http:// или https://, без пароля в нём'],
  ['a timer has at most {} minutes, and counts down from at least one', 'Не больше {} минут, а обратный отсчёт идёт хотя бы с одной'],
  ['each message comes later than the one before it', 'Каждое сообщение позже предыдущего'],
  ['the bot learns at one time for all centers', 'Время обучения одно на всю организацию'],
];
const inRussian = translator(sentences);

/** A refusal in the language of the person; nothing if it is none that a person can use. */
export function useSaid(): (detail: string) => string {
  const { locale } = useWords();
  return (detail) => {
    const told = locale === 'ru' ? inRussian(detail) : detail;
    return locale === 'ru' && told === detail ? '' : told.slice(0, 1).toLocaleUpperCase() + told.slice(1);
  };
}
