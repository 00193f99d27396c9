import { translator, type Sentence } from '../../i18n/translator';
import { useRefused, useTold } from '../../kit/told';

const sentences: Sentence[] = [
  ['the message has no words to learn from', 'В реплике нет слов, на которых можно учиться'],
  ['there is no article {}', 'Записи {} больше нет'],
  ['there is no conversation {}', 'Этого обращения нет, или оно вам не видно'],
  ['there is no message {} of the customer', 'Этой реплики нет'],
  ['only a closed conversation can be reviewed', 'Проверить можно только завершённое обращение'],
];

export const reviewInRussian = translator(sentences);

/** Why something was not done. */
export const useOurReason = () => useRefused(useTold(reviewInRussian), [404, 409, 422]);
