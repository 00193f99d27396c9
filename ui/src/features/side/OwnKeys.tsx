/** The user's own key combinations of templates, in the profile: what there is, and the way to change it. */
import { ActionIcon, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../../i18n';
import { Failure, Hint, Keys, Lines, say } from '../../kit';
import { DeleteIcon, EditIcon } from '../../kit/icons';
import { usePreferences, useWorkplaceQuery } from '../../sync';
import { ComboDialog } from './ComboDialog';
import { withoutCombo } from './combos';
import classes from './side.module.css';
import type { Template } from './templates';

export function OwnKeys() {
  const { t } = useText();
  const [{ hotkeys }] = usePreferences();
  const { data, error, refetch } = useWorkplaceQuery();
  const [changing, change] = useState<Template | null>(null);
  if (!data) return error ? <Failure problem={error} title={t('side.templates.failed')} retry={() => void refetch()} /> : <Lines rows={3} />;
  const { templates } = data;
  if (templates.length === 0) return <Text size="sm" c="dimmed">{t('side.templates.none')}</Text>;
  const own = templates.filter((each) => hotkeys[each.templateId]);
  const free = templates.filter((each) => !hotkeys[each.templateId]);
  return (
    <Stack gap="sm">
      {own.length === 0 && <Text size="sm" c="dimmed">{t('side.keys.none')}</Text>}
      {own.length > 0 && (
        <ul className={classes.keys} aria-label={t('side.keys.list')}>
          {own.map((template) => (
            <Row key={template.templateId} template={template} onEdit={() => change(template)} />
          ))}
        </ul>
      )}
      {free.length > 0 && (
        <Select
          label={t('side.keys.add')} placeholder={t('side.keys.choose')} nothingFoundMessage={t('side.templates.unfound')} maw={340}
          data={free.map((each) => ({ value: each.templateId, label: each.title }))}
          value={null} onChange={(id) => change(free.find((each) => each.templateId === id) ?? null)} searchable
        />
      )}
      {changing && <ComboDialog template={changing} onClose={() => change(null)} />}
    </Stack>
  );
}

function Row({ template, onEdit }: { template: Template; onEdit: () => void }) {
  const { t } = useText();
  const [{ hotkeys }, prefer] = usePreferences();
  const { templateId, title, text } = template;
  const remove = () => {
    prefer({ hotkeys: withoutCombo(hotkeys, templateId) });
    say(t('side.combo.removed'));
  };
  const edits = t('side.keys.edit', { title });
  const removes = t('side.keys.remove', { title });
  return (
    <li>
      <span className={classes.keyed}>
        <Text size="sm" fw={600}>{title}</Text>
        <Text size="xs" c="dimmed" truncate>{text}</Text>
      </span>
      <Keys combo={hotkeys[templateId] ?? ''} />
      <Group gap={4} wrap="nowrap">
        <Hint label={edits}>
          <ActionIcon variant="subtle" color="gray" aria-label={edits} onClick={onEdit}><EditIcon size={18} aria-hidden /></ActionIcon>
        </Hint>
        <Hint label={removes}>
          <ActionIcon variant="subtle" color="gray" aria-label={removes} onClick={remove}><DeleteIcon size={18} aria-hidden /></ActionIcon>
        </Hint>
      </Group>
    </li>
  );
}
