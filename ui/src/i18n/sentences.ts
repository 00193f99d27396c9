/**
 * Sentences that the server says of channels and messages, in Russian: the
 * server says them in English, and what a provider says goes through as it is.
 * A hole {} holds whatever stands there; where that is a sentence of ours too,
 * it is translated in its turn.
 */
const sentences: [string, string][] = [
  // What holds others.
  ['the account does not work: {}', 'Учётная запись не работает: {}'],
  ['no answer came: {}', 'Ответ не пришёл: {}'],
  ['only {} of {} parts were sent: {}', 'Отправлено частей: {} из {}. {}'],
  ['post to the receiver: {}', 'Получатель сообщений: {}'],
  ['take back the webhook: {}', 'Не удалось отменить вебхук: {}'],
  ['IMAP: {}', 'IMAP: {}'],
  ['SMTP: {}', 'SMTP: {}'],
  ['connect to {}: {}', 'Нет связи с {}: {}'],
  // The network.
  ['the provider does not answer', 'Провайдер не отвечает'],
  ["the provider's answer, status {}, is not what it should be", 'Провайдер ответил не так, как должен (статус {}). Проверьте адрес API'],
  ['the server does not call {}', 'Сервер не обращается к адресу {}: он внутренний. Разрешить его можно параметром allow'],
  ['the proxy answers {}', 'Прокси ответил: {}'],
  ['{}: no such host', 'Адрес не найден: {}'],
  ['{}: connection refused', 'В соединении отказано: {}'],
  ['{}: i/o timeout', 'Нет ответа: {}'],
  ['{}: context deadline exceeded', 'Нет ответа: {}'],
  ['{}: server gave HTTP response to HTTPS client', 'По этому адресу нет HTTPS: {}'],
  ['{}: x509: certificate signed by unknown authority', 'Сертификат не подтверждён известным центром: {}'],
  // What is entered.
  ['an address that begins with https:// or http:// is needed', 'Нужен адрес, который начинается с https:// или http://'],
  ['the address must not hold a password or a fragment', 'В адресе не должно быть пароля и части после #'],
  ['an address like http://proxy.example:3128 or socks5://proxy.example:1080 is needed', 'Нужен адрес вида http://proxy.example:3128 или socks5://proxy.example:1080'],
  ['the password of the proxy belongs to the secrets, as proxy_password', 'Пароль прокси вводится в отдельное поле'],
  ['there is no certificate in PEM here', 'Здесь нет сертификата в формате PEM'],
  ['a text of at most {} characters is needed; an empty one asks nobody', 'Не больше {} знаков; пустой текст никого не просит'],
  ['a version like {} is needed', 'Нужна версия вида {}'],
  ['the token is what @BotFather gives: digits, a colon and 35 letters and digits', 'Токен выдаёт @BotFather: цифры, двоеточие и 35 букв и цифр'],
  ['the app secret is needed', 'Нужен секрет приложения'],
  ["the app's secret is needed", 'Нужен секрет приложения'],
  ['the access token is needed', 'Нужен ключ доступа'],
  ['the access token of the community is needed', 'Нужен ключ доступа сообщества'],
  ["the bot's token is needed", 'Нужен токен бота'],
  ['the app id is needed', 'Нужен идентификатор приложения'],
  ['the number of the community is needed', 'Нужен номер сообщества'],
  ['the number of the page is needed', 'Нужен номер страницы'],
  ['the id is a number, as Meta shows it', 'Это число, как его показывает Meta'],
  ["the sender's name has at most 28 characters", 'В имени отправителя не больше 28 знаков'],
  ['the address for outbound messages is missing', 'Нужен адрес для исходящих сообщений'],
  ['the address of the mailbox is missing', 'Нужен адрес ящика'],
  ['this is not an address such as support@shop.example', 'Это не адрес вида support@shop.example'],
  ['the name of the server is needed, without https:// and port', 'Нужно имя сервера, без https:// и порта'],
  ['there is no such port', 'Такого порта не бывает'],
  ['passwords and letters go unprotected to this machine only', 'Без защиты пароли и письма ходят только внутри этой машины'],
  ['the password is missing', 'Нужен пароль'],
  ['the refresh token is missing', 'Нужен refresh token'],
  ['the id of the application is missing', 'Нужен client id'],
  ['the address of the token service must begin with https://', 'Адрес выдачи токенов начинается с https://'],
  ["letters can't go where they are", 'Письма уже лежат в этой папке'],
  ['a name and a subject are one line', 'Имя и тема занимают одну строку'],
  ['from 1 to 100 megabytes', 'От 1 до 100 мегабайт'],
  ['from 5 to 3600 seconds', 'От 5 до 3600 секунд'],
  ['there is no folder {}', 'Нет папки {}'],
  ["channels of this kind can't be tested", 'Каналы этого вида проверить нельзя'],
  // Accounts that do not work.
  ["the provider can't call this server: it has no public address; start it with --public-url", 'Провайдеру некуда обращаться: у сервера нет внешнего адреса. Запустите его с параметром --public-url'],
  ["Telegram does not know the bot's token: {}", 'Telegram не знает этого токена. Проверьте его у @BotFather ({})'],
  ['the server has no public address that Telegram could call; let it poll', 'У сервера нет внешнего адреса: выберите опрос'],
  ['VK does not accept the access token: {}', 'VK не принимает ключ доступа: {}'],
  ["switch on the abilities of bots in the community's settings: {}", 'Включите возможности ботов в настройках сообщества: {}'],
  ['Microsoft gives no token: {}', 'Microsoft не выдаёт токен: {}'],
  ['{} does not let us in: {}', 'Сервер {} не пускает: {}'],
  ['the mail server does not let us write as {}: {}', 'Почтовый сервер не разрешает писать от имени {}: {}'],
  ['the mail server hung up', 'Почтовый сервер прервал связь'],
  ['the token service refused: {}', 'Служба токенов отказала: {}'],
  ['Telegram answered {}', 'Telegram ответил {}'],
  ['Meta answered {}', 'Meta ответила: {}'],
  ['Meta has not given the permission: {}', 'Meta не дала разрешения: {}'],
  // Messages that do not go out.
  ["more than 24 hours have passed since the customer's last message, Meta does not let us write", 'Прошло больше 24 часов с последнего сообщения клиента: Meta не разрешает писать'],
  ['the channel is switched off', 'Канал выключен'],
  ['the customer has blocked the bot', 'Клиент заблокировал бота'],
  ['the customer has not written to the bot yet, so it does not know where to answer', 'Клиент ещё не писал боту, и отвечать некуда'],
  ['the customer must write to the bot first', 'Сначала клиент должен написать боту'],
  ['the customer is not subscribed to the bot', 'Клиент не подписан на бота'],
  ['the customer is not a user of Viber any more', 'Клиент больше не пользуется Viber'],
  ['the customer is on the community\'s blacklist', 'Клиент в чёрном списке сообщества'],
  ['the customer has not allowed messages from the community', 'Клиент не разрешил сообщения от сообщества'],
  ["the customer's Telegram account is deleted", 'Клиент удалил учётную запись Telegram'],
  ["the customer's Viber is too old for this message", 'Viber клиента слишком старый для такого сообщения'],
  ["the customer's page is deleted or banned", 'Страница клиента удалена или заблокирована'],
  ["the customer's privacy settings do not allow messages", 'Клиент запретил сообщения в настройках приватности'],
  ["the customer can't be reached: blocked us, or is not there any more", 'До клиента не достучаться: он заблокировал нас или удалил учётную запись'],
  ['there is no such customer in Telegram', 'В Telegram нет такого клиента'],
  ['MAX does not know this customer', 'MAX не знает этого клиента'],
  ['{} refused the message: {}', '{} не принял сообщение: {}'],
  ['Telegram does not let the bot write to this customer: {}', 'Telegram не разрешает боту писать этому клиенту: {}'],
  ['the file is too large for Telegram; send a link to it', 'Файл слишком велик для Telegram: отправьте ссылку на него'],
  ['MAX does not take the file {}', 'MAX не принимает файл {}'],
  ['VK does not take the file {}', 'VK не принимает файл {}'],
  ['VK does not take the picture {}', 'VK не принимает картинку {}'],
  ['the message is too long for VK', 'Сообщение слишком длинное для VK'],
  ["the file {} can't be sent: the channel needs a link to it, and the server has no public address", 'Файл {} не отправить: каналу нужна ссылка на него, а у сервера нет внешнего адреса'],
  ['the file {} is too large for the channel, and the server has no public address for a link to it', 'Файл {} слишком велик для канала, а у сервера нет внешнего адреса для ссылки'],
  ['the receiver does not want messages any more', 'Получатель больше не принимает сообщений'],
  ["the receiver has moved; enter its new address in the account's settings", 'Получатель переехал: введите новый адрес в настройках канала'],
  ['the receiver refused the message with status {}', 'Получатель не принял сообщение, статус {}'],
];

const hole = '{}';
const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const patterns = sentences.map(([english, russian]) => ({
  pattern: new RegExp(`^${english.split(hole).map(quoted).join('(.+?)')}$`, 's'),
  pieces: russian.split(hole),
}));

/** The sentence in Russian, or as it was if it is none of ours. */
export function inRussian(said: string): string {
  for (const { pattern, pieces } of patterns) {
    const held = pattern.exec(said);
    if (held) return pieces.map((piece, n) => (n === 0 ? piece : inRussian(held[n] ?? '') + piece)).join('');
  }
  return said;
}
