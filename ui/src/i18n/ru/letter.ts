/** A letter from the tab «Тикет». These texts come with the tab. */
export const letter = {
  'letter.title': 'Письмо клиенту',
  'letter.address': 'Адрес',
  'letter.form': '{address} (из анкеты)',
  'letter.form.bound': 'Адрес станет каналом клиента, и ответ придёт в это обращение.',
  'letter.form.apart': 'Прав на анкету у вас нет: ответ на письмо придёт отдельным обращением.',
  'letter.text.hint': 'В чате на сайте клиент увидит, что письмо отправлено, но не его текст.',
  'letter.channel': 'Почтовый канал',
  'letter.text': 'Текст письма',
  'letter.send': 'Отправить письмо',
  'letter.sent': 'Письмо отправлено',
  'letter.failed': 'Письмо не отправлено',
  'letter.none': 'Писать некуда: у клиента нет адреса почты ни в каналах, ни в анкете.',
  'letter.need.address': 'Выберите адрес',
  'letter.need.channel': 'Выберите почтовый канал',
  'letter.need.text': 'Напишите письмо',
};
