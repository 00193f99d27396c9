import { translator, type Sentence } from '../../i18n/translator';
import { useRefused, useTold } from '../../kit/told';

const sentences: Sentence[] = [
  ['of {} new lessons the model before knows {} % and the new one {} %', 'Из {} новых примеров прежняя модель знает {} %, новая — {} %'],
  ['{} new lessons are too few to compare by', 'Для сравнения мало новых примеров: {}'],
  ['there was nothing to compare with', 'Сравнить было не с чем'],
  ['the model could not be kept', 'Модель не удалось сохранить'],
  ['a training is under way already', 'Обучение уже идёт'],
  ['write 1 to {} characters', 'Введите от 1 до {} знаков'],
  ['the bot has learnt nothing yet', 'Бот ещё ничему не научился'],
  ['the bot has learnt nothing in the language {} yet', 'На языке {} бот ещё ничему не научился'],
  ['there is no model {}', 'Модели {} больше нет'],
  ['this server has no bot', 'На этом сервере нет бота'],
];

export const botInRussian = translator(sentences);

/** What the server says of the bot, in the language of the person. */
export const useSentence = () => useTold(botInRussian);

/** Why something was not done. */
export const useOurReason = () => useRefused(useSentence(), [404, 409, 422]);
