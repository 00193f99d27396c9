/** What the right panel has of the knowledge base. It is loaded for those who may read it. */
import { Known } from './Known';
import { Assistant } from './Assistant';
import type { Insert } from './insert';

export default function Knowledge({ conversationId, onInsert }: { conversationId: string; onInsert: Insert }) {
  return (
    <>
      <Known conversationId={conversationId} />
      <Assistant key={conversationId} conversationId={conversationId} onInsert={onInsert} />
    </>
  );
}
