/** Sentences that the server says of the knowledge base, in Russian; see sentences.ts. */
import { translator, type Sentence } from './translator';

/** What things are called inside of sentences. */
const things: Sentence[] = [
  ['article', 'запись'],
  ['slot', 'слот'],
  ['article type', 'тип записей'],
  ['{} and {} more', '{} и ещё {}'],
  ['article {}, {}', 'запись {}, {}'],
  ['article {}', 'запись {}'],
];

/** What may be wrong with a pattern, as the library calls it. */
const faults: Sentence[] = [
  ['missing closing )', 'не хватает «)»'],
  ['unexpected )', 'лишняя «)»'],
  ['missing closing ]', 'не хватает «]»'],
  ['missing argument to repetition operator', 'нечего повторять'],
  ['invalid nested repetition operator', 'два знака повтора подряд'],
  ['invalid repeat count', 'неверное число повторов'],
  ['invalid escape sequence', 'неизвестный знак после «\\»'],
  ['trailing backslash at end of expression', '«\\» в конце'],
  ['invalid character class', 'неверный набор знаков'],
  ['invalid character class range', 'неверный промежуток знаков'],
  ['invalid or unsupported Perl syntax', 'в RE2 такой записи нет'],
];

const missing: Sentence[] = [
  ['there is no article {}', 'Нет записи {}'],
  ['there is no slot {}', 'Нет слота {}'],
  ['there is no article type {}', 'Нет типа записей {}'],
  ['there is no topic {}', 'Нет тематики {}'],
  ['there is no line {}', 'Нет группы {}'],
  ['there is no language {}', 'Нет языка {}'],
  ['there is no skill {}', 'Нет навыка {}'],
  ['there is no center {}', 'Нет колл-центра {}'],
  ['there is no agent {}', 'Нет агента {}'],
];

const sentences: Sentence[] = [
  ...missing.map(([english, russian]): Sentence => [`${english} any more`, `${russian} больше`]),
  ['there is no such file; upload it first', 'Такого файла нет. Приложите его снова'],
  ['there is no such policy', 'Нет такой политики сообщений'],
  ['there is no such type of slot', 'Нет такого типа слота'],
  ['there is no such comparison', 'Нет такого сравнения'],
  ...missing,
  // Identifiers.
  ['the identifier is required', 'Введите идентификатор'],
  ['an identifier is at most {} characters', 'В идентификаторе не больше {} знаков'],
  ['an identifier has Latin and Russian letters, digits, _, - and . and not {}', 'В идентификаторе могут быть латинские и русские буквы, цифры, «_», «-» и «.», но не {}'],
  ['the identifier {} belongs to another article', 'Идентификатор {} занят другой записью'],
  ['the identifier {} belongs to another slot', 'Идентификатор {} занят другим слотом'],
  ['the identifier {} belongs to another article type', 'Идентификатор {} занят другим типом'],
  ['the id is required', 'Нужен идентификатор'],
  // What is in use.
  ['article {} is in use by agent {}', 'Запись {} использует агент {}'],
  ['article {} is in use by {}', 'Запись {} используется: {}'],
  ['slot {} is in use by {}', 'Слот {} используется: {}'],
  ['article type {} is in use by {}', 'Тип {} используется: {}'],
  ['{} {} was changed by {} at {}', 'Эту запись уже изменили'],
  ['{} {} is there already', 'Такая запись уже есть'],
  // Articles.
  ['an article has at most {} answers', 'В записи не больше {} ответов'],
  ['an article has at most {} questions', 'В записи не больше {} вопросов'],
  ['a survey asks for at most {} slots', 'В опросе не больше {} слотов'],
  ['the question is there twice', 'Такой вопрос уже есть'],
  ['the slot is there twice', 'Такой слот уже есть'],
  ['the answer is there twice', 'Такой ответ уже есть'],
  ['an answer says something, or has a file or a button', 'Введите текст ответа, приложите файл или добавьте кнопку'],
  ['an answer has at most {} buttons', 'В ответе не больше {} кнопок'],
  ['an answer has at most {} conditions', 'В ответе не больше {} условий'],
  ['an answer that hands over has no files and no buttons', 'У ответа, который передаёт диалог, нет вложений и кнопок'],
  ['an answer that hands over is {} and the agent, and nothing else', 'В ответе, который передаёт диалог, только {} и агент'],
  ['a document is at http:// or https://', 'Адрес документа начинается с http:// или https://'],
  ['a file was uploaded before, or has an address', 'Файл нужно приложить или указать его адрес'],
  ['there are at most {} files', 'Вложений не больше {}'],
  ['the text has {} to {} characters', 'В тексте от {} до {} знаков'],
  ['at most {} can be chosen', 'Можно выбрать не больше {}'],
  ["{} can't be chosen, or not twice", '{} нельзя выбрать или выбрано дважды'],
  // Conditions.
  ['only texts contain one another, and {} is none', 'Содержать что-то может только текст, а {} не текст'],
  ['only whole numbers are less or greater, and {} is none', 'Меньше и больше бывают только целые числа, а {} не число'],
  ['less and greater are asked of integers', 'Меньше и больше бывают только целые числа'],
  ['texts alone contain something', 'Содержать что-то может только текст'],
  ['{} is compared with a whole number', '{} сравнивается с целым числом'],
  ['{} is true or false', '{} бывает true или false'],
  ['a match is true or false', 'Совпадение бывает true или false'],
  ['{} is no value of {}', '{} нет среди значений слота {}'],
  ['the dictionary has no value {}', 'В словаре нет значения {}'],
  ['{} is no integer', '{} не целое число'],
  ['say what {} is compared with', 'Введите, с чем сравнить {}'],
  ['whether it is known has no value', 'Для «заполнен» и «не заполнен» значения не нужно'],
  ['whether {} is known is asked without a value', 'Для «заполнен» и «не заполнен» значения не нужно'],
  // Slots.
  ['a dictionary has at least one value', 'Добавьте хотя бы одно значение'],
  ['a dictionary has at most {} values', 'В словаре не больше {} значений'],
  ['a value needs an identifier of at most {} characters', 'Значению нужен идентификатор не длиннее {} знаков'],
  ['the value {} needs a caption of at most {} characters', 'Значению {} нужен текст не длиннее {} знаков'],
  ['the identifier {} is there twice', 'Идентификатор {} встречается дважды'],
  ['the caption {} is there twice', 'Значение {} встречается дважды'],
  ['a slot listens to at most {} inputs', 'Спросить можно не больше {} раз'],
  ['the greatest number is below the least', 'Наибольшее число меньше наименьшего'],
  ['the regular expression is missing', 'Введите регулярное выражение'],
  ['a regular expression is at most {} characters', 'В регулярном выражении не больше {} знаков'],
  ['the regular expression is too large: {} steps, and {} are allowed', 'Регулярное выражение слишком сложное: шагов {}, а можно {}'],
  ['the regular expression is wrong: {} in {}', 'Ошибка в регулярном выражении: {} в {}'],
  ['a mask asks for at least {} digits by an X each', 'В маске должно быть не меньше {} цифр, каждая отмечена X'],
  ['a mask is made of X for any digit, digits, + ( ) - . and blanks', 'Маска состоит из X на месте цифр, цифр, «+», скобок, дефисов, точек и пробелов'],
  ['this is at most {} characters', 'Здесь не больше {} знаков'],
  // Files of an import.
  ['an import has at most {} entries', 'В файле не больше {} записей'],
  ['the body is larger than {} bytes', 'Файл слишком большой: больше {} байт'],
  ['the file is empty', 'Файл пуст'],
  ['the text is not UTF-8', 'Текст не в кодировке UTF-8'],
  ['the field is required', 'Заполните это поле'],
  ['there is no such field', 'Такого поля нет'],
  // What fits much stands last.
  ['article type {} is there twice', 'Тип {} встречается дважды'],
  ['{} {} is there twice', '{} {} встречается дважды'],
  ...faults,
  ...things,
];

export const knowledgeInRussian = translator(sentences);
