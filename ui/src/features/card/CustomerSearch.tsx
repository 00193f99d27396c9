/** The search at the top left: whoever was found can be looked at and written to. */
import { ActionIcon, CloseButton, Text, TextInput, Tooltip } from '@mantine/core';
import { useClickOutside } from '@mantine/hooks';
import { lazy, Suspense, useRef, useState, type KeyboardEvent } from 'react';
import { useText } from '../../i18n';
import { Empty, Failure, Lines, useRoving } from '../../kit';
import { MessageIcon, SearchIcon } from '../../kit/icons';
import { useSession, type FoundCustomer } from '../../sync';
import classes from './card.module.css';
import { Found } from './Found';
import { MOST, useSearch } from './useSearch';

/** Most searches end without one. */
const CustomerDialog = lazy(async () => ({ default: (await import('./CustomerDialog')).CustomerDialog }));
const StartDialog = lazy(async () => ({ default: (await import('./StartDialog')).StartDialog }));

interface Props {
  /** A conversation was begun, or one that goes on is to be shown. */
  onStarted: (conversationId: string) => void;
}

/** Nothing without the right to see customers. */
export function CustomerSearch({ onStarted }: Props) {
  const { may } = useSession();
  return may('view_client') ? <Search onStarted={onStarted} /> : null;
}

function Search({ onStarted }: Props) {
  const { t } = useText();
  const [text, setText] = useState('');
  const [shown, show] = useState(false);
  const [opened, open] = useState('');
  const [starting, start] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const box = useClickOutside<HTMLDivElement>(() => show(false));
  const search = useSearch(text);
  const clear = () => {
    setText('');
    show(false);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && (text || shown)) clear();
    else if (event.key === 'ArrowDown' && event.target === input.current) {
      event.preventDefault();
      box.current?.querySelector<HTMLElement>('[data-roving]')?.focus();
    }
  };
  const begun = (id: string) => {
    start('');
    clear();
    onStarted(id);
  };
  return (
    <div role="search" className={classes.search} ref={box} onKeyDown={onKeyDown}>
      <TextInput
        ref={input}
        type="search"
        aria-label={t('card.search')}
        placeholder={t('card.search.hint')}
        leftSection={<SearchIcon size={16} aria-hidden />}
        rightSection={text && <CloseButton size="sm" aria-label={t('card.search.clear')} onClick={clear} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          show(true);
        }}
        onFocus={() => show(true)}
        autoComplete="off"
        spellCheck={false}
      />
      {shown && search.active && (
        <div className={classes.found}>
          <Results search={search} onOpen={open} onStart={start} />
        </div>
      )}
      <Suspense fallback={null}>
        {opened && <CustomerDialog customerId={opened} onClose={() => open('')} onStart={() => start(opened)} />}
        {starting && <StartDialog customerId={starting} onClose={() => start('')} onStarted={begun} />}
      </Suspense>
    </div>
  );
}

interface ResultsProps {
  search: ReturnType<typeof useSearch>;
  onOpen: (customerId: string) => void;
  onStart: (customerId: string) => void;
}

function Results({ search, onOpen, onStart }: ResultsProps) {
  const { t } = useText();
  const roving = useRoving<HTMLUListElement>();
  const { found, error, settled } = search;
  if (error) return <Failure problem={error} title={t('card.search.failed')} retry={() => void search.refetch()} />;
  if (!found) return <Lines rows={3} height={28} />;
  if (found.length === 0) {
    return settled ? <div role="status"><Empty icon={<SearchIcon size={28} aria-hidden />} title={t('card.search.none')} text={t('card.search.none.text')} /></div> : <Lines rows={3} height={28} />;
  }
  return (
    <>
      <Text size="xs" c="dimmed" px={8} py={4} role="status">
        {found.length < MOST ? t('card.search.found', { count: found.length }) : t('card.search.more', { count: MOST })}
      </Text>
      <ul className={classes.list} aria-label={t('card.search.results')} {...roving}>
        {found.map((customer) => (
          <Result key={customer.customerId} customer={customer} onOpen={onOpen} onStart={onStart} />
        ))}
      </ul>
    </>
  );
}

function Result({ customer, onOpen, onStart }: { customer: FoundCustomer } & Omit<ResultsProps, 'search'>) {
  const { t } = useText();
  const name = customer.name || t('card.unnamed');
  const label = t('card.start.with', { name });
  return (
    <li className={classes.foundRow}>
      <Found customer={customer} label={t('card.search.open')} onPress={() => onOpen(customer.customerId)} />
      <Tooltip label={t('card.start')} openDelay={400}>
        <ActionIcon variant="subtle" aria-label={label} onClick={() => onStart(customer.customerId)}>
          <MessageIcon size={18} />
        </ActionIcon>
      </Tooltip>
    </li>
  );
}
