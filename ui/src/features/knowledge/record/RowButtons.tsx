/** The small buttons at the end of a row: up, down, away. */
import { ActionIcon, Group } from '@mantine/core';
import { Hint } from '../../../kit';
import { ArrowDownIcon, ArrowUpIcon, DeleteIcon } from '../../../kit/icons';
import { useWords } from '../text';
import classes from '../knowledge.module.css';

interface Props {
  /** What the row is called. */
  name: string;
  first?: boolean;
  last?: boolean;
  onMove?: (by: -1 | 1) => void;
  /** What the button that takes the row away says. */
  take: string;
  onTake: () => void;
}

export function RowButtons({ name, first, last, onMove, take, onTake }: Props) {
  const { t } = useWords();
  return (
    <Group gap={0} wrap="nowrap">
      {onMove && (
        <>
          <Hint label={t('kb.up', { name })}>
            <ActionIcon variant="subtle" color="gray" className={classes.end} aria-label={t('kb.up', { name })} disabled={first} onClick={() => onMove(-1)}>
              <ArrowUpIcon size={16} aria-hidden />
            </ActionIcon>
          </Hint>
          <Hint label={t('kb.down', { name })}>
            <ActionIcon variant="subtle" color="gray" className={classes.end} aria-label={t('kb.down', { name })} disabled={last} onClick={() => onMove(1)}>
              <ArrowDownIcon size={16} aria-hidden />
            </ActionIcon>
          </Hint>
        </>
      )}
      <Hint label={take}>
        <ActionIcon variant="subtle" color="gray" className={classes.end} aria-label={take} onClick={onTake}>
          <DeleteIcon size={16} aria-hidden />
        </ActionIcon>
      </Hint>
    </Group>
  );
}
