import { useCallback, useMemo, useRef, useState } from 'react';

export type Dialog = 'transfer' | 'close' | 'topic' | 'note' | 'giveBack' | 'sessions';

/** Which of the dialogs of a conversation is open. */
export interface Acts {
  open: Dialog | null;
  show: (dialog: Dialog | null) => void;
}

/** Another conversation begins with no dialog open. */
export function useActs(conversationId: string): Acts {
  const [state, setState] = useState<{ of: string; open: Dialog | null }>({ of: '', open: null });
  const now = useRef(conversationId);
  now.current = conversationId;
  // The same always: the buttons that only show a dialog are not drawn anew for each conversation.
  const show = useCallback((open: Dialog | null) => setState({ of: now.current, open }), []);
  const open = state.of === conversationId ? state.open : null;
  return useMemo(() => ({ open, show }), [open, show]);
}
