/** The card «Почему этот оператор» reaches deep into the thread, so that it goes by context. */
import { createContext, useContext } from 'react';
import type { WorkSlots } from './tools';

export const Verdict = createContext<WorkSlots['verdict']>(undefined);

export function useVerdict(): WorkSlots['verdict'] {
  return useContext(Verdict);
}
