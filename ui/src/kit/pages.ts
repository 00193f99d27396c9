/** A long list in pages. */
export const pageSizes = [10, 25, 50, 100] as const;

export const pages = (total: number, size: number) => Math.max(1, Math.ceil(total / size));

/** The numbers that a pager shows: the first, the last and those around the present; 0 stands for a gap. */
export function pageNumbers(page: number, count: number): number[] {
  const near = new Set([1, count, page - 1, page, page + 1].filter((n) => n >= 1 && n <= count));
  const sorted = [...near].sort((a, b) => a - b);
  return sorted.flatMap((n, i) => {
    const gap = n - (sorted[i - 1] ?? n - 1);
    if (gap === 2) return [n - 1, n];
    return gap > 2 ? [0, n] : [n];
  });
}
