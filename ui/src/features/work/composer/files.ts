/** What may be attached, before anything is uploaded. */

/** The server takes no larger file. */
export const LARGEST = 50 * 1024 * 1024;
export const MOST_FILES = 10;

export interface Rights {
  pictures: boolean;
  files: boolean;
}

export type Refusal = 'empty' | 'large' | 'role' | 'many';

export function isPicture(file: { type: string }): boolean {
  return file.type.startsWith('image/');
}

/** Why a file can't be attached; undefined if it can. */
export function refusalOf(file: File, rights: Rights, already: number): Refusal | undefined {
  if (!(isPicture(file) ? rights.pictures : rights.files)) return 'role';
  if (file.size === 0) return 'empty';
  if (file.size > LARGEST) return 'large';
  return already >= MOST_FILES ? 'many' : undefined;
}
