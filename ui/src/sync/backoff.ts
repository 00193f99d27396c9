/** How long to wait before trying again: 0.5 to 30 seconds, doubled each time, never in step with others. */
export function backoff(failures: number, random: () => number = Math.random): number {
  const most = Math.min(30_000, 1000 * 2 ** Math.min(failures, 10));
  return Math.max(500, most * (0.5 + random() / 2));
}
