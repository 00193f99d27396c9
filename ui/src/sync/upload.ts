import type { Attachment } from './model';
import { newId } from './id';
import { Problem } from './problem';
import { problemFrom, queryOf } from './rest';

/** Uploads one file for a conversation. Progress goes from 0 to 1. */
export function upload(
  conversationId: string, file: File, onProgress: (part: number) => void, signal?: AbortSignal,
): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/v1/files' + queryOf({ conversation: conversationId, name: nameOf(file) }));
    request.setRequestHeader('Accept', 'application/json');
    request.responseType = 'text';
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      try {
        resolve(attachmentOf(request, file));
      } catch (thrown) {
        reject(thrown);
      }
    };
    request.onerror = () => reject(new Problem({ kind: 'network' }));
    request.onabort = () => reject(new DOMException('the upload was cancelled', 'AbortError'));
    if (signal?.aborted) return request.onabort?.(new ProgressEvent('abort'));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

function attachmentOf(request: XMLHttpRequest, file: File): Attachment {
  const told = parse(request.responseText);
  if (request.status < 200 || request.status > 299) throw problemFrom(request.status, told);
  const kept = told as { blob: string; name: string; mime: string; size: number };
  return { id: newId(), name: kept.name || file.name, mime: kept.mime, size: kept.size, blob: kept.blob, failure: '' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The server takes names of at most 200 characters; the end of a name says what it is. */
function nameOf(file: File): string {
  const letters = Array.from(file.name);
  return letters.length > 200 ? letters.slice(-200).join('') : file.name;
}

/** Where a file of a customer is downloaded from. */
/** Where a file of the knowledge base is. */
export function knowledgeFileURL({ blob, name }: Attachment): string {
  return `/api/v1/knowledge/files/${encodeURIComponent(blob)}${queryOf({ name })}`;
}

export function fileURL(customerId: string, blob: string, name: string): string {
  return `/api/v1/files/${encodeURIComponent(customerId)}/${encodeURIComponent(blob)}${queryOf({ name })}`;
}
