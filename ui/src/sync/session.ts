import type { User } from './workplace';

export interface Session {
  /** null when nobody is signed in. */
  user: User | null;
  roles: Set<string>;
  /** The server has said who is signed in, or that nobody is. */
  ready: boolean;
  may(role: string): boolean;
  /** Rejects with a Problem: status 401 for a wrong login or password, 429 for too many attempts. */
  signIn(login: string, password: string): Promise<void>;
  signOut(): Promise<void>;
}

/** Who is signed in. The desk's socket opens and closes with it. */
export function useSession(): Session {
  throw new Error('soon');
}
