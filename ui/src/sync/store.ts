import { create } from 'zustand';
import type { Connection, Conversation, Desk } from './model';

/** What the screens see. It is replaced piece by piece: what did not change keeps its identity. */
export interface Workspace {
  connection: Connection;
  /** Since when, by the server's clock. */
  connectionSince: number;
  desk: Desk | null;
  /** The conversations kept now, in the order they were given. */
  ids: string[];
  /** Those, and some that have just left. */
  conversations: Record<string, Conversation>;
  /** Where the customer is typing. */
  typing: Record<string, true>;
  newVersion: boolean;
}

export const emptyWorkspace: Workspace = {
  connection: 'connecting', connectionSince: 0, desk: null, ids: [], conversations: {}, typing: {}, newVersion: false,
};

export const useWorkspace = create<Workspace>(() => emptyWorkspace);
