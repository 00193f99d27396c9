/** Sentences that the server says of letters, in Russian; see sentences.ts. */
import { translator, type Sentence } from './translator';

const sentences: Sentence[] = [
  ['the letter is empty', 'Напишите письмо'],
  ['the text is longer than {} characters', 'Письмо длиннее {} знаков'],
  ['this is no e-mail address', 'Это не адрес почты'],
  ['the customer has no such e-mail address', 'У клиента нет такого адреса почты'],
  ["this address is another customer's", 'Этот адрес уже у другого клиента. Объедините анкеты или исправьте адрес'],
  ['the center has several e-mail channels: name one', 'В центре несколько почтовых каналов, выберите один'],
  ['the center has no e-mail channel {}', 'В центре нет почтового канала {}'],
  ['the center has no e-mail channel', 'В центре нет почтового канала'],
  ['the channel is switched off', 'Почтовый канал выключен'],
  ['the conversation is not yours', 'Обращение ведёте не вы'],
  ['the conversation is closed', 'Обращение завершено'],
  ['the customer is part of customer {} now', 'Клиента объединили с другим. Откройте обращение заново'],
  ['this needs the permission {}', 'Для этого нужна роль {}'],
];

export const lettersInRussian = translator(sentences);
