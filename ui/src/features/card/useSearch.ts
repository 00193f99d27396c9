import { useQuery } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { queryClient, searchCustomers } from '../../sync';

/** As many as the server tells at most. */
export const MOST = 20;

/** Finds customers as one types. Fewer than two characters find nobody. */
export function useSearch(text: string) {
  const typed = text.trim();
  const [settled] = useDebouncedValue(typed, 200);
  const asked = settled.length >= 2 ? settled : '';
  const query = useQuery({
    queryKey: ['customers', asked],
    queryFn: ({ signal }) => searchCustomers(asked, signal),
    enabled: asked !== '',
    // What was found stays while the next is looked for.
    placeholderData: (before) => before,
  }, queryClient);
  const active = typed.length >= 2;
  return {
    active,
    found: active ? query.data : undefined,
    error: active ? query.error : null,
    refetch: query.refetch,
    /** What is shown belongs to what is typed. */
    settled: active && settled === typed && !query.isPlaceholderData,
  };
}
