import { describe, expect, it } from 'vitest';
import { knowledgeInRussian } from './knowledgeSentences';
import { inRussian } from './sentences';

describe('what the server says', () => {
  it('is said in Russian, and what stands in it is kept', () => {
    expect(inRussian('the customer has blocked the bot')).toBe('Клиент заблокировал бота');
    expect(inRussian("Telegram does not know the bot's token: Unauthorized")).toBe('Telegram не знает этого токена. Проверьте его у @BotFather (Unauthorized)');
    expect(inRussian('VK refused the message: flood (code 9)')).toBe('VK не принял сообщение: flood (code 9)');
  });

  it('is translated inside of another sentence too', () => {
    expect(inRussian('the account does not work: the mail server hung up')).toBe('Учётная запись не работает: Почтовый сервер прервал связь');
    expect(inRussian('part 2 of 3 did not arrive: the customer has blocked the bot')).toBe('Часть 2 из 3 не доставлена. Клиент заблокировал бота');
    expect(inRussian('only 1 of 3 parts were sent: the customer has blocked the bot')).toBe('Отправлено частей: 1 из 3. Клиент заблокировал бота');
  });

  it('stays as it is when it is the words of others', () => {
    expect(inRussian('Bad Request: chat not found')).toBe('Bad Request: chat not found');
    expect(inRussian('')).toBe('');
  });

  it.each([
    ['the identifier "меню" belongs to another slot', 'Идентификатор «меню» занят другим слотом'],
    ['there is no agent "weatherbot"', 'Нет агента «weatherbot»'],
    ['there is no article "x" any more', 'Нет записи «x» больше'],
    ['the question is there twice', 'Такой вопрос уже есть'],
    ['article "menu" is there twice', 'запись «menu» встречается дважды'],
    ['the identifier good is there twice', 'Идентификатор good встречается дважды'],
    ['slot "speed" is in use by article menu, article x and 3 more', 'Слот «speed» используется: запись menu, запись x и ещё 3'],
    ['the regular expression is wrong: missing closing ) in (a', 'Ошибка в регулярном выражении: не хватает «)» в (a'],
    ['an identifier has Latin and Russian letters, digits, _, - and . and not \' \'', 'В идентификаторе могут быть латинские и русские буквы, цифры, «_», «-» и «.», но не \' \''],
  ])('of the knowledge base is said in Russian: %s', (english, russian) => {
    expect(knowledgeInRussian(english)).toBe(russian);
  });
});
