/** A person: the picture, or initials on a hue that is always the same for them. */
import { Avatar as Circle } from '@mantine/core';

const hues = ['teal', 'blue', 'indigo', 'violet', 'grape', 'pink', 'orange', 'cyan', 'green'] as const;

/** The first letters of the first two words. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((w) => /[\p{L}\p{N}]/u.test(w));
  return words
    .slice(0, 2)
    .map((w) => w.match(/[\p{L}\p{N}]/u)?.[0]?.toUpperCase() ?? '')
    .join('');
}

/** The same for the same id, whatever the name becomes. */
export function hueOf(id: string): (typeof hues)[number] {
  let sum = 0;
  for (const c of id) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) >>> 0;
  return hues[sum % hues.length] ?? 'teal';
}

/** The name always stands beside it, so that it is not read aloud. Where the picture is not, the initials are. */
export function Avatar({ name, id = name, size = 36, src }: { name: string; id?: string; size?: number; src?: string }) {
  return (
    <Circle size={size} radius="xl" color={hueOf(id)} src={src} aria-hidden style={{ flex: 'none' }}>
      {initials(name) || '?'}
    </Circle>
  );
}
