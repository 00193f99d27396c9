import { QueryClient } from '@tanstack/react-query';
import { Problem } from './problem';

/**
 * One cache for everything that is read over REST. The hooks of sync use it by
 * themselves; the app gives it to QueryClientProvider for all others.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A refusal stays a refusal; only what may pass by itself is tried again.
      retry: (failures, error) => failures < 2 && (!(error instanceof Problem) || error.isPassing),
    },
    mutations: { retry: false },
  },
});
