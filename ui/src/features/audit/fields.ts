/**
 * What the fields of an act are called. Their paths have names from the journal,
 * which English makes do with.
 */
const russian: Record<string, string> = {
  account_ids: 'Каналы', address: 'Адрес', affinity: 'Прежний оператор', after: 'Через', agent_timeout: 'Время агента', agents: 'Агенты', alerts: 'Оповещения',
  answers: 'Ответы', archived: 'В архиве', article_id: 'Запись', ask_dissatisfied: 'Спрашивать о недовольстве', attachments: 'Вложения', audience: 'Кому показывать',
  auto_capital: 'С заглавной буквы', automatic: 'Автоматически', bot: 'Бот', buttons: 'Кнопки', calendar_id: 'Рабочее время', capacity: 'Одновременных обращений',
  caption: 'Подпись', center_id: 'Заказчик', center_ids: 'Заказчики', client_id: 'Идентификатор клиента', close_after: 'Закрыть через', close_text: 'Текст при закрытии',
  conditions: 'Условия', confirmation: 'Подтверждение', connection_grace: 'Ожидание при потере связи', customer_text: 'Текст клиенту',
  customer_timeout: 'Ожидание клиента', days: 'Дни', detach_after: 'Снять с оператора через', detach_text: 'Текст при снятии', disabled: 'Отключено', entries: 'Значения',
  explanation: 'Пояснение', external: 'Внешний', failing_over: 'Канал не работает дольше', first_name: 'Имя', forbid_errors: 'Запрет отправки с ошибками',
  form: 'Анкета клиента', from: 'С', hold: 'Удержание', identifier: 'Идентификатор', integration: 'Интеграция', issuer: 'Адрес провайдера',
  join_text: 'Текст при подключении', kind: 'Вид', language: 'Язык', languages: 'Языки', last_name: 'Фамилия', line_id: 'Группа', line_ids: 'Группы', login: 'Логин',
  messages: 'Сообщения', model: 'Модель', name: 'Название', notify_assign: 'Извещать о назначении', open: 'Открыто', operator_text: 'Текст оператору',
  operator_timeout: 'Ожидание оператора', order: 'Порядок', own: 'Своё', own_agents: 'Своя цепочка', parent_id: 'Выше по дереву', pattern: 'Выражение',
  patterns: 'Шаблоны', person_words: 'Слова «позовите человека»', phone: 'Телефон', policy: 'Правила', position_id: 'Должность', priority: 'Приоритет',
  priority_worth: 'Цена приоритета', question: 'Вопрос', questions: 'Вопросы', queue_over: 'Очередь длиннее', rate: 'Частота', remind_after: 'Напомнить через',
  remind_text: 'Текст напоминания', required: 'Обязательно', response_timeout: 'Время на ответ', retention_days: 'Дней хранения', roles: 'Роли', routing: 'Маршрутизация',
  second_factor_roles: 'Роли со вторым фактором', secrets: 'Секреты', settings: 'Настройки', silence: 'Молчание', skills: 'Навыки', slot_ids: 'Слоты',
  spell_check: 'Проверка правописания', text: 'Текст', time_zone: 'Часовой пояс', timer: 'Таймер оператора', title: 'Заголовок', to: 'По', topic_id: 'Тематика',
  train_at: 'Время обучения', type: 'Тип', type_id: 'Тип', unanswered_over: 'Без ответа дольше', until: 'Действует до', url: 'Адрес', user_id: 'Пользователь',
  value: 'Значение', waiting_over: 'Ожидание дольше', webhook: 'Вебхук', week: 'Неделя', words: 'Слова',
};

/** fieldOf says a path such as policy.silence.remind_text. */
export function fieldOf(path: string, locale: string): string {
  const name = (part: string) => (locale.startsWith('ru') ? russian[part] : undefined) ?? part.replaceAll('_', ' ');
  return path.split('.').map(name).join(' · ');
}
