import { useMemo } from 'react';
import { useText } from '../../i18n';
import { useCommands, type Command } from '../../kit';
import { usePreferences, useWorkplace } from '../../sync';
import { commandOf } from './combos';

/** The user's own keys insert their templates, in whatever layout the keyboard is. */
export function useTemplateKeys(onInsert: (text: string) => void, idle: boolean): void {
  const { t } = useText();
  const { templates } = useWorkplace();
  const [{ hotkeys }] = usePreferences();
  const commands = useMemo(
    () => templates.flatMap((template): Command[] => {
      const combo = hotkeys[template.templateId];
      if (!combo) return [];
      const { templateId, title, text } = template;
      return [{
        id: commandOf(templateId), label: title, group: t('side.combo.group'), combo,
        reason: idle ? t('side.template.idle') : undefined, run: () => onInsert(text),
      }];
    }),
    [templates, hotkeys, idle, onInsert, t],
  );
  useCommands(commands);
}
