import { describe, expect, it } from 'vitest';
import { inRussian } from './sentences';

describe('what the server says', () => {
  it('is said in Russian, and what stands in it is kept', () => {
    expect(inRussian('the customer has blocked the bot')).toBe('Клиент заблокировал бота');
    expect(inRussian("Telegram does not know the bot's token: Unauthorized")).toBe('Telegram не знает этого токена. Проверьте его у @BotFather (Unauthorized)');
    expect(inRussian('VK refused the message: flood (code 9)')).toBe('VK не принял сообщение: flood (code 9)');
  });

  it('is translated inside of another sentence too', () => {
    expect(inRussian('the account does not work: the mail server hung up')).toBe('Учётная запись не работает: Почтовый сервер прервал связь');
    expect(inRussian('only 1 of 3 parts were sent: the customer has blocked the bot')).toBe('Отправлено частей: 1 из 3. Клиент заблокировал бота');
  });

  it('stays as it is when it is the words of others', () => {
    expect(inRussian('Bad Request: chat not found')).toBe('Bad Request: chat not found');
    expect(inRussian('')).toBe('');
  });
});
