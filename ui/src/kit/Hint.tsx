/** The name of a button and its keys, in a tooltip. */
import { Group, Kbd, Tooltip, type TooltipProps } from '@mantine/core';
import { Fragment } from 'react';
import { keysOf } from './combo';
import { comboFor } from './commands';

export function Keys({ combo }: { combo: string }) {
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      {keysOf(combo).map((key, i) => (
        <Fragment key={key}>
          {i > 0 && ' + '}
          <Kbd size="xs">{key}</Kbd>
        </Fragment>
      ))}
    </span>
  );
}

interface Props extends Omit<TooltipProps, 'label'> {
  label: string;
  /** The command that the button stands for. */
  command?: string;
}

export function Hint({ label, command, children, ...rest }: Props) {
  const combo = command && comboFor({ id: command, label, group: '', run: () => {} });
  const shown = combo ? (
    <Group gap={8} wrap="nowrap">
      {label}
      <Keys combo={combo} />
    </Group>
  ) : (
    label
  );
  return (
    <Tooltip label={shown} openDelay={400} {...rest}>
      {children}
    </Tooltip>
  );
}
