/** Time zones: those of Russia by their cities, the others by their names. */
import type { Key } from '../../i18n';

/** From west to east. */
export const cities: readonly (readonly [zone: string, city: Key])[] = [
  ['Europe/Kaliningrad', 'welcome.zone.kaliningrad'],
  ['Europe/Moscow', 'welcome.zone.moscow'],
  ['Europe/Samara', 'welcome.zone.samara'],
  ['Asia/Yekaterinburg', 'welcome.zone.yekaterinburg'],
  ['Asia/Omsk', 'welcome.zone.omsk'],
  ['Asia/Krasnoyarsk', 'welcome.zone.krasnoyarsk'],
  ['Asia/Irkutsk', 'welcome.zone.irkutsk'],
  ['Asia/Yakutsk', 'welcome.zone.yakutsk'],
  ['Asia/Vladivostok', 'welcome.zone.vladivostok'],
  ['Asia/Magadan', 'welcome.zone.magadan'],
  ['Asia/Kamchatka', 'welcome.zone.kamchatka'],
];

export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** All that this browser knows, and the chosen one even if it does not. */
export function otherZones(chosen: string): string[] {
  const known = new Set(cities.map(([zone]) => zone));
  const names = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', chosen]);
  return [...names].filter((zone) => zone !== '' && !known.has(zone)).sort();
}

/** What the clock shows there; nothing for a zone that this browser does not know. */
export function clockIn(zone: string, at: number, locale: string): string {
  try {
    return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(at);
  } catch {
    return '';
  }
}
