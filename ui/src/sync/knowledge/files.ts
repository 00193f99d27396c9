import { newId } from '../id';
import { Problem } from '../problem';
import { problemFrom, queryOf } from '../rest';
import { changed } from './acts';
import { emptyFile, type KnowledgeFile } from './model';

const root = '/api/v1/knowledge';

/** An import may take as long as it takes; an upload too. */
async function send(path: string, body: Blob, type: string): Promise<{ ok: boolean; status: number; said: unknown }> {
  const headers = { Accept: 'application/json', 'Content-Type': type };
  const answer = await fetch(path, { method: 'POST', headers, body, credentials: 'same-origin' }).catch(() => {
    throw new Problem({ kind: 'network' });
  });
  return { ok: answer.ok, status: answer.status, said: await answer.json().catch(() => null) };
}

/** Keeps a file for the articles of the knowledge base. */
export async function uploadKnowledgeFile(file: File): Promise<KnowledgeFile> {
  const { ok, status, said } = await send(`${root}/files${queryOf({ name: file.name })}`, file, 'application/octet-stream');
  if (!ok) throw problemFrom(status, said);
  const { blob = '', name, mime = '', size = file.size } = said as Partial<KnowledgeFile>;
  return { ...emptyFile, attachmentId: newId(), name: name || file.name, mime, size: Number(size), blob };
}

export const knowledgeFileURL = (file: KnowledgeFile) => `${root}/files/${encodeURIComponent(file.blob)}${queryOf({ name: file.name })}`;

/** What is wrong in a file, and where. */
export interface Fault {
  line: number;
  field: string;
  detail: string;
}

/** How many entries of a kind an import adds or changes. */
interface Changes {
  added: number;
  changed: number;
}

/** What an import changes, or would; with faults it changes nothing. */
export interface Imported {
  articles: Changes;
  slots: Changes;
  types: Changes;
  /** How many files an archive brings that are not there yet. */
  files: number;
  faults: Fault[];
  /** How many faults are not told. */
  more: number;
}

/** A zip holds the files of articles too. */
const media = { csv: 'text/csv', json: 'application/json', zip: 'application/zip' };

export type Format = keyof typeof media;

export const formatOf = (name: string): Format => (/\.(json|zip)$/i.exec(name)?.[1]?.toLowerCase() ?? 'csv') as Format;

const none: Changes = { added: 0, changed: 0 };

export async function importKnowledge(file: File, dryRun: boolean): Promise<Imported> {
  const format = formatOf(file.name);
  const { ok, status, said } = await send(`${root}/import${queryOf({ dry_run: dryRun, format })}`, file, media[format]);
  const { places = [], more = 0 } = (said ?? {}) as { places?: Fault[]; more?: number };
  if (!ok && places.length === 0) throw problemFrom(status, said);
  if (ok && !dryRun) void changed();
  return { articles: none, slots: none, types: none, files: 0, ...(ok ? (said as Partial<Imported>) : {}), faults: places, more };
}

/** Spreadsheets in Russian part columns by semicolons. */
export const exportURL = (format: Format, separator?: 'semicolon') => `${root}/export${queryOf({ format, separator })}`;
