/** backoff is how long to wait before the next try, in ms: 0.5 to 30 s, never the same for everybody. */
export function backoff(tries: number, random: () => number = Math.random): number {
  const most = Math.min(30_000, 500 * 2 ** Math.min(tries, 10));
  return most / 2 + (random() * most) / 2;
}
