/** Sentences that the server says of agents, their chains and working hours, in Russian; see sentences.ts. */
import { translator, type Sentence } from './translator';

/** What refers to something, as the server names it. */
const things: Sentence[] = [
  ['{} and {} more', '{} и ещё {}'],
  ['{}, {}', '{}, {}'],
  ['settings default', 'цепочка организации'],
  ['settings {}', 'цепочка центра {}'],
  ['account {}', 'канал {}'],
  ['center {}', 'центр {}'],
  ['line {}', 'линия {}'],
];

const sentences: Sentence[] = [
  ['{} is a name of the system\'s own', 'Имя {} занято системой, возьмите другое'],
  ['an id is at most {} letters, digits, _ and -', 'Идентификатор состоит не больше чем из {} латинских букв, цифр, «_» и «-»'],
  ['a greeting is an article', 'Выберите статью, которой агент здоровается'],
  ['the precision is 0.5 to 0.999', 'Точность от 50 до 99,9 %'],
  ['a bot may miss at most {} times', 'Бот может промахнуться не больше {} раз'],
  ['an agent is asked at http:// or https://, without a password in the address', 'Нужен адрес с http:// или https://, без пароля'],
  ['the endpoint is told which model it shall use', 'Укажите название модели'],
  ['the name of a model is at most {} characters', 'В названии модели не больше {} знаков'],
  ['the instruction is at most {} characters', 'В указании не больше {} знаков'],
  ['the time is above zero and at most 1m0s', 'От 1 до 60 секунд'],
  ['the time is above zero and at most 1h0m0s', 'Не больше 60 минут'],
  ['the bearer token is one line', 'Ключ занимает одну строку'],
  ['a chain has at most {} agents', 'В цепочке не больше {} агентов'],
  ['agent {} is there twice', 'Агент {} стоит в цепочке дважды'],
  ['there is no agent {}', 'Агента {} больше нет'],
  ['there is no calendar {}', 'Календаря {} больше нет'],
  ['there are at most {} words for a person', 'Не больше {} слов'],
  ['a word for a person has 1 to {} characters', 'В каждом слове от 1 до {} знаков'],
  ['a time zone is named like Europe/Moscow', 'Часовой пояс пишется так: Europe/Moscow'],
  ['there is no time zone {}', 'Нет часового пояса {}'],
  ['there are at most {} intervals', 'Не больше {} промежутков'],
  ['there are at most {} special days', 'Не больше {} особых дней'],
  ['the day {} is there twice', 'День {} указан дважды'],
  ['a delay can\'t be negative', 'Время не бывает отрицательным'],
  ['a name is at most {} characters', 'В названии не больше {} знаков'],
  ['the field is required', 'Заполните это поле'],
  ['there is a {} {} already; name the revision you have seen to replace it', '{} {} уже есть, возьмите другой идентификатор'],
  ['there is a {} {} already', '{} {} уже есть, возьмите другой идентификатор'],
  ['there is no {} {} any more', 'Пока вы правили, {} {} кто-то удалил'],
  ['{} {} was changed by {} at {}', 'Пока вы правили, {} {} изменил пользователь {} ({}). Откройте ещё раз и повторите'],
  ['agent {} is in use by {}', 'Агент {} нужен: {}. Сначала уберите его оттуда'],
  ['calendar {} is in use by {}', 'Календарь {} нужен: {}. Сначала выберите там другой'],
  ['agent', 'агент'],
  ['calendar', 'календарь'],
  ['settings', 'настройки'],
  ['account', 'канал'],
  ['center', 'центр'],
  ['line', 'линия'],
  ...things,
];

export const agentsInRussian = translator(sentences);
