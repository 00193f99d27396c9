/** What the slot makes of a text: the server says it, for its patterns are not the browser's. */
import { Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { problemOf } from '../../../sync';
import { trySlot, type Slot } from '../../../sync/knowledge';
import { useOurReason } from '../sentences';
import { useWords } from '../text';

/** How long typing rests before the server is asked. */
const pause = 250;

export function TryOut({ slot }: { slot: Slot }) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const told = useTried(slot, text);
  return (
    <div>
      <TextInput label={t('kb.slot.try')} placeholder={t('kb.slot.try.hint')} value={text} onChange={(e) => setText(e.currentTarget.value)} />
      <Text size="sm" mt={4} mih={22} role="status" c={told.wrong ? 'var(--mantine-color-error)' : undefined}>{told.text}</Text>
    </div>
  );
}

function useTried(slot: Slot, typed: string): { text: string; wrong: boolean } {
  const { t } = useWords();
  const reason = useOurReason();
  const [text] = useDebouncedValue(typed, pause);
  const { type, kind, entries, pattern, least, most } = slot;
  const [tried] = useDebouncedValue(JSON.stringify({ type, kind, entries, pattern, least, most }), pause);
  const { data, error } = useQuery({
    queryKey: ['knowledge try', tried, text], enabled: text !== '', placeholderData: keepPreviousData, retry: false, staleTime: Infinity,
    queryFn: ({ signal }) => trySlot({ ...slot, ...(JSON.parse(tried) as Partial<Slot>) }, text, signal),
  });
  if (typed === '') return { text: '', wrong: false };
  if (error) return { text: reason(problemOf(error)), wrong: true };
  if (!data) return { text: '', wrong: false };
  if (!data.ok) return { text: t('kb.slot.try.none'), wrong: true };
  const value = type === 'MATCH' ? t(data.value === 'true' ? 'kb.match.true' : 'kb.match.false') : data.caption || data.value;
  return { text: t('kb.slot.try.value', { value }), wrong: false };
}
