/**
 * Says new messages aloud. The thread itself draws and forgets rows while it
 * scrolls, so that it can't be the live region.
 */
import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../../../i18n';
import type { Conversation, Message } from '../../../sync';
import { brief } from '../list/RowText';
import { useCustomerName } from '../names';
import { lastMessage } from './build';

const KEPT = 5;

export function LiveLog({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const name = useCustomerName();
  const last = lastMessage(conversation);
  const known = useRef(last?.id);
  const [said, say] = useState<Message[]>([]);

  useEffect(() => {
    if (!last || last.id === known.current) return;
    known.current = last.id;
    if (last.from !== 'operator') say((before) => [...before, last].slice(-KEPT));
  }, [last]);

  const who = (m: Message) => (m.from === 'customer' ? name(conversation) : text.t(`work.from.${m.from}`));
  return (
    <VisuallyHidden>
      <div role="log" aria-live="polite" aria-label={text.t('work.log')}>
        {said.map((m) => (
          <p key={m.id}>{`${who(m)}: ${brief(m, text)}`}</p>
        ))}
      </div>
    </VisuallyHidden>
  );
}
