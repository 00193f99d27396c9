/** Ctrl+K: every command by its name. */
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useText } from '../i18n';
import { comboFor, Keys, present, useRegistry, type Command } from '../kit';
import { SearchIcon } from '../kit/icons';

export function Palette() {
  const { t } = useText();
  const commands = present(useRegistry((r) => r.commands));
  return (
    <Spotlight
      shortcut={null}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
      actions={grouped(commands.filter((c) => !c.hidden && !c.reason))}
      nothingFound={t('app.palette.none')}
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{ leftSection: <SearchIcon size={18} aria-hidden />, placeholder: t('app.palette.search'), 'aria-label': t('app.palette.search') }}
    />
  );
}

function grouped(commands: Command[]): SpotlightActionGroupData[] {
  const groups = new Map<string, Command[]>();
  for (const c of commands) groups.set(c.group, [...(groups.get(c.group) ?? []), c]);
  return [...groups].map(([group, list]) => ({
    group,
    actions: list.map((c) => {
      const combo = comboFor(c);
      return { id: c.id, label: c.label, onClick: c.run, rightSection: combo && <Keys combo={combo} /> };
    }),
  }));
}
