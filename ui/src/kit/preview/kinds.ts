/** Which files can be looked at without being downloaded. */

export type Kind = 'image' | 'pdf' | 'sheet' | 'document' | 'word' | 'text';

const byEnding: Record<string, Kind> = {
  pdf: 'pdf',
  xls: 'sheet',
  xlsx: 'sheet',
  csv: 'sheet',
  docx: 'document',
  doc: 'word',
  txt: 'text',
  png: 'image',
  jpg: 'image',
  jpeg: 'image',
  gif: 'image',
  webp: 'image',
};

const byMime: Record<string, Kind> = {
  'application/pdf': 'pdf',
  'application/vnd.ms-excel': 'sheet',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'sheet',
  'text/csv': 'sheet',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'document',
  'application/msword': 'word',
  'text/plain': 'text',
  'image/png': 'image',
  'image/jpeg': 'image',
  'image/gif': 'image',
  'image/webp': 'image',
};

/** An SVG is never shown: it may hold a program. */
export function previewKind(name: string, mime: string): Kind | undefined {
  const ending = name.toLowerCase().split('.').pop() ?? '';
  return byMime[mime.split(';')[0]?.trim() ?? ''] ?? byEnding[ending];
}
