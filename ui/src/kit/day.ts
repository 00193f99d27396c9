/** The moment at which a day begins where the person is, or one so many days later. Days are as a date field writes them; empty for none. */
export function dayAt(day: string, later = 0): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const at = new Date(year, month - 1, date + later);
  return day && !Number.isNaN(at.getTime()) && year > 1970 && year < 2200 ? at.toISOString() : '';
}

/** The day that a date field would have, some days ago. */
export function dayAgo(days: number, now = new Date()): string {
  const at = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((n) => String(n).padStart(2, '0')).join('-');
}
