import { useEffect, useState } from 'react';

/**
 * Gives the focus back to what opened a dialog, once the dialog is gone. It is
 * for dialogs that are on the page only while they are open. What was opened
 * from a menu goes back to the menu's button, for the entry itself is gone.
 */
export function useFocusBack(): void {
  // Asked while rendering: a menu is gone as soon as this dialog is there.
  const [opener] = useState(() => openerOf(document.activeElement));
  useEffect(
    () => () => {
      // The dialog itself lets go of the focus first.
      setTimeout(() => {
        const lost = !document.activeElement || document.activeElement === document.body;
        if (lost && opener?.isConnected) opener.focus();
      });
    },
    [opener],
  );
}

function openerOf(focused: Element | null): HTMLElement | null {
  const menu = focused?.closest('[role="menu"]');
  const button = menu && document.getElementById(menu.getAttribute('aria-labelledby') ?? '');
  return button ?? (focused instanceof HTMLElement ? focused : null);
}
