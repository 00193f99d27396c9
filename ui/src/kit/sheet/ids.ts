/** An identifier that nobody has: bot, and bot-2 when that is taken. */
export function freshId(stem: string, taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const id = n === 1 ? stem : `${stem}-${n}`;
    if (!taken.includes(id)) return id;
  }
}

/** Letters, digits, _ and -, as the server has them. */
export const isId = (id: string) => /^[A-Za-z0-9_-]{1,64}$/.test(id);

/** The same of what is called in any language. */
export const isSpokenId = (id: string) => /^[\p{L}\p{N}_-]{1,64}$/u.test(id);

const latin: Record<string, string> = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'y', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p',
  р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya',
};

/** An identifier made of a name: «Отдел продаж» is otdel-prodazh. */
export function idOf(name: string, stem: string, taken: readonly string[]): string {
  const letters = [...name.toLocaleLowerCase('ru')].map((c) => latin[c] ?? c).join('');
  const plain = letters.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  return freshId(plain || stem, taken);
}

/** What an identifier becomes as the name does: it follows the name until somebody writes another. */
export function following(id: string, before: string, after: string, taken: readonly string[] = []): string {
  const of = (name: string) => idOf(name, '', taken);
  return id === of(before) ? of(after) : id;
}
