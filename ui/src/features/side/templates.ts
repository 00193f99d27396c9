/** The templates at the server. The workplace tells title and text; the whole of one is read before it is changed. */
import { del, get, newId, put, queryClient, type Workplace } from '../../sync';

export type Template = Workplace['templates'][number];

/** What may be said of a template. */
export interface Wish {
  title: string;
  text: string;
  /** For whom it is; empty for everybody. */
  centerId: string;
}

/** As the server keeps it. */
interface Kept {
  title: string;
  text: string;
  center_id: string;
  line_id: string;
  language: string;
  revision: number;
}

const path = (id: string) => `/api/v1/templates/${encodeURIComponent(id)}`;

export function readTemplate(id: string): Promise<Kept> {
  return get<Kept>(path(id));
}

/** Makes a template, or replaces the one that was read. */
export async function saveTemplate(id: string, wish: Wish, read?: Kept): Promise<void> {
  const body = {
    title: wish.title.trim(), text: wish.text.trim(), center_id: wish.centerId,
    line_id: read?.line_id ?? '', language: read?.language ?? '',
  };
  await put(path(id || newId()), body, read && { ifMatch: read.revision });
  await showAgain();
}

export async function removeTemplate(id: string): Promise<void> {
  await del(path(id));
  await showAgain();
}

function showAgain(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: ['workplace'] });
}
