/** Time zones: those of Russia by their cities, the others by their names. */

/** From west to east. */
const cities = ['Kaliningrad', 'Moscow', 'Samara', 'Yekaterinburg', 'Omsk', 'Krasnoyarsk', 'Irkutsk', 'Yakutsk', 'Vladivostok', 'Magadan', 'Kamchatka'] as const;
const russian = cities.map((city, i) => `${i < 3 ? 'Europe' : 'Asia'}/${city}`);

/** The city that a zone of Russia is called by. */
export const cityOf = (zone: string) => cities[russian.indexOf(zone)];

/** The zones of Russia from west to east, then all that the browser knows, and the chosen one even if it does not. */
export function zones(chosen: string): { russian: string[]; others: string[] } {
  const others = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', ...(chosen ? [chosen] : [])]);
  russian.forEach((zone) => others.delete(zone));
  return { russian, others: [...others].sort() };
}
