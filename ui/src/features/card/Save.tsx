/** «Сохранить анкету», what stands in its way, and the way back. */
import { Button, Group, Text } from '@mantine/core';
import type { RefObject } from 'react';
import { useText } from '../../i18n';
import { Failure, say } from '../../kit';
import type { Form } from './useForm';

interface Props {
  form: Form;
  /** Around the fields: the first bad one is focused. */
  around: RefObject<HTMLElement | null>;
  /** In the narrow left column. */
  narrow?: boolean;
}

export function Save({ form, around, narrow = false }: Props) {
  const { t } = useText();
  const save = async () => {
    const done = await form.save();
    if (done === true) say(t('card.saved'));
    if (typeof done === 'string') around.current?.querySelector<HTMLElement>(`[name="${CSS.escape(done)}"]`)?.focus();
  };
  const clashing = form.clashes > 0;
  return (
    <>
      {clashing && <Text size={narrow ? 'xs' : 'sm'} w="100%">{t('card.clash.first')}</Text>}
      {form.problem && !clashing && (
        <div style={{ width: '100%' }}>
          <Failure problem={form.problem} title={t('card.save.failed')} />
        </div>
      )}
      <Group gap={8} w={narrow ? '100%' : undefined}>
        <Button
          size={narrow ? 'xs' : 'sm'}
          fullWidth={narrow}
          disabled={!form.changed}
          title={form.changed ? undefined : t('card.unchanged')}
          loading={form.saving}
          onClick={save}
        >
          {t('card.save')}
        </Button>
        {form.changed && (
          <Button size={narrow ? 'compact-xs' : 'sm'} fullWidth={narrow} variant="subtle" onClick={form.reset} disabled={form.saving}>
            {t('card.reset')}
          </Button>
        )}
      </Group>
    </>
  );
}
