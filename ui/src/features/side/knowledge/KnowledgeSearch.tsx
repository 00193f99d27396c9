/** «База знаний» of the right panel: search while typing, an article with its answers, a press answers with one. */
import { ActionIcon, CloseButton, Group, Select, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../../../i18n';
import { Empty, Failure, Lines, useRoving } from '../../../kit';
import { ArrowLeftIcon, BookIcon, SearchIcon } from '../../../kit/icons';
import { useArticleTypes, useKnowledgeSearch, type FoundArticle, type Piece } from '../../../sync';
import { ArticleView } from './ArticleView';
import type { Insert } from './insert';
import classes from './knowledge.module.css';

interface Props {
  conversationId: string;
  onInsert: Insert;
  /** Rises with every wish to search. */
  wished: number;
}

export default function KnowledgeSearch({ conversationId, onInsert, wished }: Props) {
  const [query, setQuery] = useState('');
  const [type, setType] = useState<string | null>(null);
  const [open, setOpen] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (wished === 0) return;
    setOpen('');
    field.current?.focus();
  }, [wished]);
  return (
    <div className={classes.searchPart}>
      {open ? (
        <Opened id={open} conversationId={conversationId} onInsert={onInsert} onBack={() => setOpen('')} />
      ) : (
        <>
          <Asking field={field} query={query} onQuery={setQuery} type={type} onType={setType} />
          <Results query={query} type={type ?? ''} conversationId={conversationId} onOpen={setOpen} />
        </>
      )}
    </div>
  );
}

interface AskingProps {
  field: React.RefObject<HTMLInputElement | null>;
  query: string;
  onQuery: (query: string) => void;
  type: string | null;
  onType: (type: string | null) => void;
}

function Asking({ field, query, onQuery, type, onType }: AskingProps) {
  const { t } = useText();
  const types = useArticleTypes();
  return (
    <div className={classes.asking}>
      <TextInput
        ref={field} type="search" aria-label={t('side.kb.search')} placeholder={t('side.kb.search')} autoComplete="off"
        leftSection={<SearchIcon size={16} aria-hidden />}
        rightSection={query && <CloseButton size="sm" aria-label={t('side.kb.clear')} onClick={() => onQuery('')} />}
        value={query} onChange={(event) => onQuery(event.currentTarget.value)}
      />
      {types.length > 1 && (
        <Select
          size="xs" mt={6} aria-label={t('side.kb.type')} placeholder={t('side.kb.types')} clearable
          data={types.map((each) => ({ value: each.id, label: each.name }))} value={type} onChange={onType}
        />
      )}
    </div>
  );
}

function Results({ query, type, conversationId, onOpen }: { query: string; type: string; conversationId: string; onOpen: (id: string) => void }) {
  const { t } = useText();
  const roving = useRoving<HTMLUListElement>();
  const { data, error, refetch } = useKnowledgeSearch(query, type, conversationId);
  if (error && !data) return <div className={classes.found}><Failure problem={error} title={t('side.kb.failed')} retry={() => void refetch()} /></div>;
  if (!data) return <div className={classes.found}><Lines rows={6} /></div>;
  if (data.length === 0) {
    return (
      <div className={classes.found} role="status">
        <Empty icon={<BookIcon size={28} aria-hidden />} title={t(query ? 'side.kb.unfound' : 'side.kb.none')} text={t(query ? 'side.kb.unfound.text' : 'side.kb.none.text')} />
      </div>
    );
  }
  return (
    <ul className={classes.found} aria-label={t('side.kb')} {...roving}>
      {data.map((each) => <li key={each.articleId}><Hit found={each} onOpen={() => onOpen(each.articleId)} /></li>)}
    </ul>
  );
}

function Hit({ found, onOpen }: { found: FoundArticle; onOpen: () => void }) {
  return (
    <UnstyledButton className={classes.hit} onClick={onOpen} data-roving>
      <Text size="sm" fw={600}><Marked pieces={found.title} /></Text>
      {found.snippet.length > 0 && <span className={classes.snippet}><Marked pieces={found.snippet} /></span>}
    </UnstyledButton>
  );
}

/** The words that were looked for stand out. */
function Marked({ pieces }: { pieces: Piece[] }) {
  return pieces.map((piece, i) => (piece.hit ? <mark key={i}>{piece.text}</mark> : piece.text));
}

function Opened({ id, conversationId, onInsert, onBack }: { id: string; conversationId: string; onInsert: Insert; onBack: () => void }) {
  const { t } = useText();
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus(), []);
  return (
    <>
      <Group className={classes.asking} gap={6} wrap="nowrap">
        <ActionIcon ref={back} variant="subtle" aria-label={t('side.kb.back')} onClick={onBack}>
          <ArrowLeftIcon size={18} />
        </ActionIcon>
        <Text size="sm" c="dimmed">{t('side.kb.back')}</Text>
      </Group>
      <ArticleView id={id} conversationId={conversationId} onInsert={onInsert} />
    </>
  );
}
