/** What the right panel has of the knowledge base. It is loaded for those who may read it. */
import { Assistant } from './Assistant';
import type { Insert } from './insert';
import { Known } from './Known';

export { default as KnowledgeSearch } from './KnowledgeSearch';
export { Parts } from './Parts';

/** What is known and what may answer, above all else. */
export function Hints({ conversationId, onInsert }: { conversationId: string; onInsert: Insert }) {
  return (
    <>
      <Known conversationId={conversationId} />
      <Assistant key={conversationId} conversationId={conversationId} onInsert={onInsert} />
    </>
  );
}
