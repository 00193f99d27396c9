/** The tree of topics with a search: chosen from by mouse or keyboard. */
import { Combobox, useCombobox } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useText } from '../../../i18n';
import { CheckIcon } from '../../../kit/icons';
import { useWorkplace } from '../../../sync';
import { topicLeaves } from './tree';
import classes from './topics.module.css';

interface Props {
  value: string;
  onChange: (topicId: string) => void;
  opened: boolean;
  onOpen: (opened: boolean) => void;
  /** What it hangs on, inside Combobox.Target. */
  children: ReactNode;
}

/** «Без темы» among the options. */
const NONE = ' none';

export function TopicPicker({ value, onChange, opened, onOpen, children }: Props) {
  const { t } = useText();
  const [query, setQuery] = useState('');
  const box = useCombobox({
    opened,
    onOpenedChange: onOpen,
    onDropdownClose: () => {
      setQuery('');
      box.resetSelectedOption();
    },
  });
  const { focusSearchInput, selectOption, resetSelectedOption } = box;
  const { topics } = useWorkplace();
  // What was searched for is chosen by Enter at once, not what it hangs on.
  useEffect(() => {
    const fitting = query ? topicLeaves(topics, query).findIndex((leaf) => leaf.fits) : -1;
    if (fitting >= 0) selectOption(fitting);
    else resetSelectedOption();
  }, [query, topics, selectOption, resetSelectedOption]);
  useEffect(() => {
    if (opened) focusSearchInput();
  }, [opened, focusSearchInput]);
  return (
    <Combobox
      store={box} width={360} position="bottom-start" shadow="md"
      onOptionSubmit={(id) => {
        onChange(id === NONE ? '' : id);
        box.closeDropdown();
        box.focusTarget();
      }}
    >
      <Combobox.Target withAriaAttributes={false}>{children}</Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={query} aria-label={t('work.topic.search')} placeholder={t('work.topic.search')}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        {opened && <Options query={query} value={value} />}
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Options({ query, value }: { query: string; value: string }) {
  const { t } = useText();
  const { topics } = useWorkplace();
  const leaves = topicLeaves(topics, query);
  return (
    <Combobox.Options className={classes.options} aria-label={t('work.topic')}>
      {value && !query && (
        <Combobox.Option value={NONE}>
          <span className={classes.none}>{t('work.topic.none')}</span>
        </Combobox.Option>
      )}
      {leaves.map(({ topic, depth, fits }) => (
        <Combobox.Option key={topic.topicId} value={topic.topicId} active={topic.topicId === value} selected={topic.topicId === value}>
          <span className={classes.leaf} style={{ paddingInlineStart: depth * 16 }} data-above={!fits || undefined}>
            {topic.name}
            {topic.topicId === value && <CheckIcon size={16} aria-hidden />}
          </span>
        </Combobox.Option>
      ))}
      {leaves.length === 0 && <Combobox.Empty>{t(topics.length > 0 ? 'work.topic.notFound' : 'work.topic.empty')}</Combobox.Empty>}
    </Combobox.Options>
  );
}
