/**
 * The spelling of what is being written: words that are wrong are underlined,
 * and a click or a key offers others. It is loaded by itself; a message is kept
 * back only where the center wants that.
 */
import { useEffect, useMemo, useState, type RefObject } from 'react';
import { useText } from '../../../../i18n';
import { complain, useReason } from '../../../../kit';
import { addWord, settingsOf, useConversation, useCustomer, useSession, useWorkplace, type Conversation } from '../../../../sync';
import { insertAt } from '../insert';
import { learn, read } from './book';
import { Marks } from './Marks';
import { Suggested } from './Suggested';
import { namesIn, type Token } from './tokens';
import { useGate, type Gate } from './useGate';
import { useList } from './useList';
import { useWrong } from './useWrong';

interface Props {
  conversationId: string;
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  caret: number;
  onCaret: (caret: number) => void;
  gate: RefObject<Gate | undefined>;
  onBlock: (reason: string | undefined) => void;
}

export function Spelling(props: Props) {
  const conversation = useConversation(props.conversationId);
  const { spellCheck, forbidErrors } = settingsOf(useWorkplace(), conversation?.centerId ?? '');
  return conversation && spellCheck ? <Checking {...props} conversation={conversation} forbids={forbidErrors} /> : null;
}

function Checking({ conversation, forbids, field, text, caret, onCaret, gate, onBlock }: Props & { conversation: Conversation; forbids: boolean }) {
  const { language } = conversation.routing;
  const checked = useWrong(text, caret, language, useNames(conversation));
  const { wrong } = checked;
  const { shown, goTo, close } = useList({ field, text, caret, onCaret }, wrong);
  const [mark, setMark] = useState<HTMLElement | null>(null);
  const add = useAdding(conversation.centerId);
  useOwnMarks(field, wrong.length > 0);
  useGate({ field, checked, language, forbids, gate, onBlock, goTo });
  return (
    <>
      <Marks text={text} wrong={wrong} field={field} openAt={shown?.token.from} onMark={setMark} />
      <Heard wrong={wrong} />
      {shown && (
        <Suggested
          key={shown.token.from} word={shown.token.word} suggestions={read(shown.token.word, language)?.suggestions ?? []}
          field={field} mark={mark} byKey={shown.byKey} onClose={close} onAdd={() => add(shown.token.word)}
          onPick={(word) => field.current && insertAt(field.current, word, shown.token.from, shown.token.to)}
        />
      )}
    </>
  );
}

/** What a screen reader says when a word turns out wrong. */
function Heard({ wrong }: { wrong: Token[] }) {
  const { t } = useText();
  const last = wrong.at(-1);
  return (
    <span role="status" className="visually-hidden">
      {last && t('work.spelling.heard', { word: last.word })}
    </span>
  );
}

/** People that the text may be about are no mistakes. */
function useNames({ customerId, customerName }: Conversation): (word: string) => boolean {
  const { may } = useSession();
  const { data } = useCustomer(may('view_client') ? customerId : '');
  const { operators } = useWorkplace();
  return useMemo(
    () => namesIn([customerName, ...Object.values(data?.fields ?? {}), ...operators.map((each) => each.name)]),
    [customerName, data?.fields, operators],
  );
}

function useAdding(centerId: string): (word: string) => void {
  const reason = useReason();
  return (word) => {
    addWord(word, centerId).then(() => learn(word)).catch((problem: unknown) => complain(reason(problem)));
  };
}

/** The browser's own lines would be seen beside ours. */
function useOwnMarks(field: RefObject<HTMLTextAreaElement | null>, some: boolean): void {
  useEffect(() => {
    const f = field.current;
    if (f) f.spellcheck = false;
    return () => {
      if (f) f.spellcheck = true;
    };
  }, [field]);
  useEffect(() => {
    if (some) field.current?.setAttribute('aria-invalid', 'true');
    else field.current?.removeAttribute('aria-invalid');
  }, [field, some]);
}
