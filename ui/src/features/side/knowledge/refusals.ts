/** Why an article was not given, as the person reads it. */
import { useText } from '../../../i18n';
import { translator, type Sentence } from '../../../i18n/translator';
import { useReason } from '../../../kit';

const sentences: Sentence[] = [
  ['the conditions of the answer do not hold for this customer', 'Этот ответ клиенту не подходит: не выполнены его условия'],
  ['the article has no answer for this conversation', 'В записи нет ответа для этого обращения'],
  ['there is no such answer for this conversation', 'Этого ответа для обращения больше нет'],
  ['there is no such article', 'Этой записи больше нет'],
  ['the article hands the conversation to {}, which only an automatic agent can do', 'Запись передаёт диалог: {}. Это может только автоматический агент'],
  ['the conversation is not yours', 'Обращение уже не ваше'],
  ['the conversation is closed', 'Обращение завершено'],
  ['the customer has sent no such message', 'Такого сообщения клиента нет'],
  ['this needs the permission {}', 'Нужно право {}'],
];

const inRussian = translator(sentences);

/** What {@link useReason} says, with the refusals of articles in the person's language. */
export function useRefusal(): (wrong: unknown) => string {
  const { locale } = useText();
  const reason = useReason();
  return (wrong) => (locale === 'ru' ? inRussian(reason(wrong)) : reason(wrong));
}
