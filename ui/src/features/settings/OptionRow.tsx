/** One thing that is on or off, whose word that is, and the way back to what holds without it. */
import { Button, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { complain, useReason } from '../../kit';
import { putOption, type Option, type PlaceSettings } from '../../sync';
import { useWords } from './text';
import classes from './settings.module.css';

export function OptionRow({ option, place }: { option: Option; place: PlaceSettings }) {
  const { t } = useWords();
  const reason = useReason();
  const [busy, setBusy] = useState(false);
  const own = typeof place[option] === 'boolean';
  const idle = option === 'forbid_errors' && !place.in_force.spell_check;
  const name = t(`settings.${option}`);

  const say = (value: boolean | undefined) => {
    setBusy(true);
    putOption(place, option, value)
      .catch((e: unknown) => complain(reason(e)))
      .finally(() => setBusy(false));
  };

  return (
    <div className={classes.row}>
      <Switch
        className={classes.switch}
        label={name}
        aria-label={name}
        description={t(idle ? 'settings.forbid_errors.needs' : `settings.${option}.hint`)}
        checked={!!place.in_force[option]}
        disabled={busy || idle}
        onChange={(e) => say(e.currentTarget.checked)}
      />
      <div className={classes.whose}>
        <Text size="xs" c="dimmed">{t(whose(place.center_id, own))}</Text>
        {own && (
          <Button variant="subtle" size="compact-xs" disabled={busy} aria-label={t('settings.back.of', { name })} onClick={() => say(undefined)}>
            {t('settings.back')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Whose word holds. */
function whose(center: string, own: boolean) {
  if (own) return center ? 'settings.own.center' : 'settings.own.organisation';
  return center ? 'settings.own.inherited' : 'settings.own.default';
}
