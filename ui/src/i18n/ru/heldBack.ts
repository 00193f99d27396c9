/** Files that are not given out. These texts come when there is such a file. */
export const heldBack = {
  'held.virus': 'Файл не прошёл проверку на вирусы',
  'held.virus.text': 'Открыть и скачать его нельзя. Найдено: {virus}.',
  'held.unchecked': 'Файл пока не проверен на вирусы',
  'held.unchecked.text': 'Проверка сейчас не отвечает. До неё файл не открыть, попробуйте позже.',
  'held.from': 'Отправитель: {name}',
  'held.again': 'Проверить снова',
  'held.again.of': 'Проверить снова файл {name}',
};
