/** One template: its keys over it, a press inserts it, ⋮ changes it. */
import { ActionIcon, Menu, Text, UnstyledButton } from '@mantine/core';
import { useText } from '../../i18n';
import { ariaCombo, Keys, say } from '../../kit';
import { DeleteIcon, DotsIcon, EditIcon, KeyboardIcon } from '../../kit/icons';
import { usePreferences, useSession } from '../../sync';
import { withoutCombo } from './combos';
import classes from './side.module.css';
import type { Template } from './templates';

export type Act = 'combo' | 'edit' | 'remove';

interface Props {
  template: Template;
  idle: boolean;
  /** The menu of this one takes the tab. */
  reachable: boolean;
  onInsert: () => void;
  onAct: (act: Act) => void;
}

export function TemplateItem({ template, idle, reachable, onInsert, onAct }: Props) {
  const { t } = useText();
  const [{ hotkeys }] = usePreferences();
  const combo = hotkeys[template.templateId];
  return (
    <>
      <UnstyledButton
        className={classes.insert}
        aria-disabled={idle || undefined}
        aria-keyshortcuts={combo && ariaCombo(combo)}
        data-idle={idle || undefined}
        title={idle ? t('side.template.idle') : undefined}
        onClick={() => !idle && onInsert()}
        data-roving
      >
        <span className="visually-hidden">{t('side.template.insert')} </span>
        {combo && <Text size="xs" mb={2}><Keys combo={combo} /></Text>}
        <Text size="sm" fw={600}>{template.title}</Text>
        <span className={classes.text}>{template.text}</span>
      </UnstyledButton>
      <Dots template={template} combo={combo} reachable={reachable} onAct={onAct} />
    </>
  );
}

type DotsProps = Pick<Props, 'template' | 'reachable' | 'onAct'> & { combo: string | undefined };

function Dots({ template, combo, reachable, onAct }: DotsProps) {
  const { t } = useText();
  const { may } = useSession();
  const [{ hotkeys }, prefer] = usePreferences();
  const release = () => {
    prefer({ hotkeys: withoutCombo(hotkeys, template.templateId) });
    say(t('side.combo.removed'));
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          className={classes.dots}
          variant="subtle"
          color="gray"
          aria-label={t('side.template.menu', { title: template.title })}
          tabIndex={reachable ? 0 : -1}
        >
          <DotsIcon size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<KeyboardIcon size={16} />} onClick={() => onAct('combo')}>
          {t(combo ? 'side.combo.edit' : 'side.combo.make')}
        </Menu.Item>
        {combo && <Menu.Item leftSection={<DeleteIcon size={16} />} onClick={release}>{t('side.combo.remove')}</Menu.Item>}
        {may('modify_configuration') && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<EditIcon size={16} />} onClick={() => onAct('edit')}>{t('side.template.edit')}</Menu.Item>
            <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={() => onAct('remove')}>{t('side.template.remove')}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
