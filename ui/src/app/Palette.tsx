/** Ctrl+K: every command by its name. */
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useRef } from 'react';
import { useText } from '../i18n';
import { comboFor, Keys, present, useRegistry, type Command } from '../kit';
import { SearchIcon } from '../kit/icons';

export function Palette() {
  const { t } = useText();
  const commands = present(useRegistry((r) => r.commands));
  const opener = useRef<Element>(null);
  const back = () => {
    if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
  };
  return (
    <Spotlight
      shortcut={null}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
      // The focus goes back before a command runs: what it opens gives it back to there, and what it goes to keeps it.
      actions={grouped(commands.filter((c) => !c.hidden && !c.reason), back)}
      returnFocus={false}
      onSpotlightOpen={() => {
        opener.current = document.activeElement;
      }}
      onSpotlightClose={() => {
        const { activeElement: now, body } = document;
        if (!now || now === body || now.closest('.mantine-Spotlight-content')) back();
      }}
      nothingFound={t('app.palette.none')}
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{ leftSection: <SearchIcon size={18} aria-hidden />, placeholder: t('app.palette.search'), 'aria-label': t('app.palette.search') }}
    />
  );
}

function grouped(commands: Command[], back: () => void): SpotlightActionGroupData[] {
  const groups = new Map<string, Command[]>();
  for (const c of commands) groups.set(c.group, [...(groups.get(c.group) ?? []), c]);
  return [...groups].map(([group, list]) => ({
    group,
    actions: list.map((c) => {
      const combo = comboFor(c);
      const onClick = () => {
        back();
        c.run();
      };
      return { id: c.id, label: c.label, onClick, rightSection: combo && <Keys combo={combo} /> };
    }),
  }));
}
