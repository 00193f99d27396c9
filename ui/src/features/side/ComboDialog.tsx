/** «Создать комбинацию»: the first key from a list, the second from the keyboard. */
import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent, type KeyboardEvent } from 'react';
import { useText } from '../../i18n';
import { keysOf, say, showCombo, useFocusBack } from '../../kit';
import { usePreferences, useWorkplace } from '../../sync';
import { firstKeys, isFitting, partsOf, refusalOf, withCombo, type FirstKey } from './combos';
import type { Template } from './templates';

interface Props {
  template: Template;
  onClose: () => void;
}

export function ComboDialog({ template, onClose }: Props) {
  const { t } = useText();
  const form = useCombo(template, onClose);
  useFocusBack();
  return (
    <Modal opened onClose={onClose} title={t(form.kept ? 'side.combo.edit' : 'side.combo.make')} size="md" closeButtonProps={{ 'aria-label': t('kit.close') }}>
      <form onSubmit={form.submit} noValidate>
        <Stack gap="md">
          <Text size="sm" c="dimmed">{t('side.combo.for', { title: template.title })}</Text>
          <Group align="flex-start" grow>
            <Select
              label={t('side.combo.first')}
              data={firstKeys.map((keys) => ({ value: keys, label: showCombo(keys) }))}
              value={form.first}
              onChange={(keys) => keys && form.choose(keys as FirstKey)}
              allowDeselect={false}
            />
            <TextInput
              label={t('side.combo.second')}
              placeholder={t('side.combo.press')}
              value={form.second && keysOf(form.second).join('')}
              onKeyDown={form.press}
              readOnly
              data-autofocus
            />
          </Group>
          <Text size="xs" c={form.refused ? 'red' : 'dimmed'} role={form.refused ? 'alert' : undefined}>
            {form.refused || t('side.combo.hint')}
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>{t('kit.cancel')}</Button>
            <Button type="submit">{t('side.combo.save')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Keys that move about in the dialog are not caught. */
const passing: ReadonlySet<string> = new Set(['Tab', 'Escape', 'Enter', 'NumpadEnter']);
const modifier = /^(Control|Alt|Shift|Meta|OS|CapsLock)/;

function useCombo(template: Template, onClose: () => void) {
  const { t } = useText();
  const { templates } = useWorkplace();
  const [{ hotkeys }, prefer] = usePreferences();
  const kept = hotkeys[template.templateId] ?? '';
  const parts = partsOf(kept);
  const [first, choose] = useState<FirstKey>(parts?.first ?? 'Alt');
  const [second, catchKey] = useState(parts?.second ?? '');
  const [hint, setHint] = useState('');
  const combo = second && `${first}+${second}`;
  const refusal = combo ? refusalOf(combo, template.templateId, templates, hotkeys) : null;

  const press = (event: KeyboardEvent) => {
    if (passing.has(event.code)) return;
    event.preventDefault();
    event.stopPropagation();
    if (modifier.test(event.code) || event.code === '') return;
    setHint(isFitting(event.code) ? '' : t('side.combo.unfit'));
    if (isFitting(event.code)) catchKey(event.code);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!combo) return setHint(t('side.combo.needed'));
    if (refusal) return;
    prefer({ hotkeys: withCombo(hotkeys, template.templateId, combo) });
    say(t('side.combo.saved', { combo: showCombo(combo) }));
    onClose();
  };
  const refused = hint || (refusal ? t(refusal.text, { combo: showCombo(combo), owner: refusal.owner }) : '');
  return { kept, first, choose, second, press, refused, submit };
}
