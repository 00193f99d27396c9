/** Ids and logins that are made of names: people write names, the server wants plain letters. */

const cyrillic: Record<string, string> = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'y', к: 'k', л: 'l', м: 'm', н: 'n',
  о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch', ъ: '', ы: 'y',
  ь: '', э: 'e', ю: 'yu', я: 'ya',
};

/** Shorter than the server allows, so that a number still fits behind. */
const LONGEST = 40;

/** Small Latin letters and digits; whatever else was there becomes the joint. */
export function transliterate(name: string, joint = '-'): string {
  const latin = [...name.normalize('NFC').toLowerCase()]
    .map((letter) => cyrillic[letter] ?? letter)
    .join('')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '');
  const words = latin.match(/[a-z0-9]+/g) ?? [];
  return words.join(joint).slice(0, LONGEST).replace(/[^a-z0-9]+$/, '');
}

/** An id for a new thing of that name which no other thing has. */
export function freshId(name: string, taken: Iterable<string>, otherwise: string): string {
  const others = new Set(taken);
  const id = transliterate(name) || otherwise;
  if (!others.has(id)) return id;
  for (let n = 2; ; n++) {
    if (!others.has(`${id}-${n}`)) return `${id}-${n}`;
  }
}

/** A login as people expect it: olga.ivanova. */
export function loginOf(firstName: string, lastName: string): string {
  return transliterate(`${firstName} ${lastName}`, '.');
}

/** Without the letters and digits that are taken for one another. */
const alphabet = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Sixteen letters and digits, in fours so that they can be told over the phone. */
export function newPassword(): string {
  const fair = 256 - (256 % alphabet.length);
  let letters = '';
  while (letters.length < 16) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      if (byte < fair) letters += alphabet[byte % alphabet.length];
    }
  }
  return letters.slice(0, 16).replace(/(.{4})(?=.)/g, '$1-');
}
