import { inRussian } from '../../i18n/sentences';
import { translator, type Sentence } from '../../i18n/translator';
import { useRefused, useTold } from '../../kit/told';

const sentences: Sentence[] = [
  ['the conversation is closed', 'Обращение уже завершено'],
  ['only who serves a line takes conversations', 'Взять обращение может только тот, кто сам отвечает в какой-нибудь группе'],
  ['the operator is neither online nor invisible', 'Обращение может получить только тот, кто на приёме'],
  ['there is no operator {}', 'Этого оператора нет, или он вам не виден'],
  ['there is no conversation {}', 'Этого обращения нет, или оно вам не видно'],
  ['there is no such item in the error queue', 'Этого сообщения в ошибках уже нет'],
  ['there is no such message in the error queue', 'Этого сообщения в ошибках уже нет'],
  // What failed, and why it stays.
  ['nobody understands an update of the kind {}', 'Неизвестный вид события: {}'],
  ['it is understood now, and holds no message: it can be discarded', 'Событие теперь понятно, сообщения в нём нет: его можно отбросить'],
  ['channels of this kind read nothing again', 'Канал этого вида не умеет обрабатывать событие снова'],
  ['the mail server has not given this letter: look for it in the mailbox', 'Почтовый сервер не отдал это письмо: поищите его в ящике'],
  ['this one is being processed just now', 'Это сообщение уже обрабатывается'],
  ['it failed again; the reason is in the queue', 'Снова не получилось, причина указана в строке'],
  ['there is no channel {}', 'Этого канала больше нет'],
  ['an id of 1 to {} characters is needed', 'Нет номера сообщения, или он длиннее {} знаков'],
  ['an address of 1 to {} characters is needed', 'Нет адреса клиента, или он длиннее {} знаков'],
  ['the message is empty', 'Сообщение пустое'],
  ['a short text is needed', 'Слишком длинное имя ветки писем'],
  ['the text is not valid UTF-8 or has zero bytes', 'В тексте есть недопустимые символы'],
  ['the text is longer than {} characters, not valid UTF-8, or has zero bytes', 'Текст длиннее {} знаков, или в нём есть недопустимые символы'],
  ['the text is longer than {} characters', 'Текст длиннее {} знаков'],
  ['at most {} files fit a message', 'В сообщении больше {} файлов'],
  ['at most {} buttons fit a message', 'В сообщении больше {} кнопок'],
  ['what the message says now is needed', 'Не сказано, как сообщение звучит теперь'],
];

const wallInRussian = translator(sentences);

/** Why something was not done. */
export const useOurReason = () => useRefused(useFault(), [404, 409, 422]);

/** What a channel or the server says went wrong. */
export function useFault(): (said: string) => string {
  return useTold((said) => inRussian(wallInRussian(said)));
}
