/** Where one is, and what the clock shows elsewhere. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** What the clock shows there; nothing for a zone that this browser does not know. */
export function clockIn(zone: string, at: number, locale: string): string {
  try {
    return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(at);
  } catch {
    return '';
  }
}
