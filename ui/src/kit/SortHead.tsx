/** The head of a column that sorts the table: upwards, and pressed once more downwards. */
import { Table, UnstyledButton } from '@mantine/core';
import { ChevronDownIcon, ChevronUpIcon } from './icons';
import classes from './table.module.css';

interface Props {
  label: string;
  width?: string | number;
  sorted?: 'up' | 'down';
  words: { up: string; down: string };
  onSort: () => void;
}

export function SortHead({ label, width, sorted, words, onSort }: Props) {
  const Icon = sorted === 'down' ? ChevronDownIcon : ChevronUpIcon;
  return (
    <Table.Th w={width} aria-sort={sorted && (sorted === 'down' ? 'descending' : 'ascending')}>
      <UnstyledButton className={classes.head} data-sorted={sorted} onClick={onSort}>
        {label}
        {sorted && <Icon size={16} aria-label={words[sorted]} role="img" />}
      </UnstyledButton>
    </Table.Th>
  );
}
