/** How the line is: a quiet sign while all is well, words when it is not. */
import { Tooltip } from '@mantine/core';
import { useText } from '../../i18n';
import { OfflineIcon, SystemIcon } from '../../kit/icons';
import { useConnection } from '../../sync';
import classes from './Header.module.css';

export function ConnectionMark() {
  const { t } = useText();
  const { state } = useConnection();
  const text = t(`app.connection.${state}`);
  const icon = state === 'replaced' ? <SystemIcon size={16} aria-hidden /> : <OfflineIcon size={16} aria-hidden />;
  if (state === 'live')
    return (
      <Tooltip label={text}>
        <span role="img" aria-label={text} className={classes.live} />
      </Tooltip>
    );
  return (
    <span className={classes.line} data-state={state}>
      {state !== 'connecting' && icon}
      {text}
    </span>
  );
}
