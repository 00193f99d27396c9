/**
 * Where the operator writes. What is typed is known only here: a key press
 * re-renders nothing else on the page.
 */
import { memo, Suspense, useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState, type Ref, type RefObject } from 'react';
import { useText } from '../../../i18n';
import { complain, say, useReason } from '../../../kit';
import { call, desk, useDraft, type Ask, type Draft } from '../../../sync';
import { useNames } from '../../../sync/names';
import type { ComposerHandle } from '../tools';
import { Bar } from './Bar';
import { AskedFor, AttachedFiles, Spelling, Window } from './extras';
import { Field } from './Field';
import { insertAt, spaced } from './insert';
import type { Gate } from './spelling/useGate';
import { Suggestions } from './Suggestions';
import { TemplatePicker } from './TemplatePicker';
import { slashQuery } from './suggest';
import { useAttach } from './useAttach';
import { useChannels, type Channels } from './useChannels';
import { useMade, type Made } from './useMade';
import classes from './composer.module.css';

export interface ComposerProps {
  conversationId: string;
  customerId: string;
  /** Of the channel that the conversation began in. */
  kind: string;
  lastAccountId: string;
  lastAddress: string;
  /** When the customer wrote last; 0 for never. */
  lastIn: number;
  ref?: Ref<ComposerHandle & { attach: (files: File[]) => void }>;
}

export const Composer = memo(function Composer({ conversationId, ref, lastIn, ...place }: ComposerProps) {
  const { t } = useText();
  const field = useRef<HTMLTextAreaElement>(null);
  const channels = useChannels(place);
  const [draft, setDraft] = useDraft(conversationId, channels.chosen.accountId);
  const [caret, setCaret] = useState(0);
  const [channelsOpen, openChannels] = useState(false);
  const files = useAttach(conversationId, draft, setDraft);
  const { leave } = useCarry(draft, setDraft, channels.chosen.accountId);
  const can = useNames().accountOf(channels.chosen.accountId)?.abilities;
  const asking = useAsking(draft, setDraft, can?.asks ?? none);
  const { ask } = asking;
  const made = useMade(draft, setDraft);
  const gate = useRef<Gate>(undefined);
  const [errors, setErrors] = useState<string>();
  const { send, waits, blocked } = useSend({ conversationId, draft, setDraft, channels, running: files.running, leave, asking, made, gate, errors });
  const templates = useSlash(draft.text, caret);

  const insert = useCallback((text: string, covers = 0) => {
    const f = field.current;
    if (!f) return;
    const from = covers > 0 ? f.selectionStart - covers : f.selectionStart;
    const phrase = covers > 0 ? text : spaced(f.value.slice(0, from), text, f.value.slice(f.selectionEnd));
    insertAt(f, phrase, from, f.selectionEnd);
  }, []);
  useImperativeHandle(
    ref,
    () => ({ insert: (text, of) => { insert(text); if (of) made.take(text, of); }, focus: () => field.current?.focus(), openChannels: () => openChannels(true), attach: files.attach }),
    [insert, files.attach, made.take],
  );
  const focus = useCallback(() => field.current?.focus({ preventScroll: true }), []);
  useEffect(focus, [focus]);

  const change = (text: string) => {
    setDraft({ ...draft, text });
    desk.typing(conversationId);
  };
  return (
    <form
      className={classes.composer} aria-label={t('work.composer')}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {can && can.window > 0 && channels.chosen.usual && (
        <Suspense fallback={null}>
          <Window hours={can.window} kind={channels.chosen.kind} lastIn={lastIn} />
        </Suspense>
      )}
      {templates.open ? (
        <TemplatePicker
          query={templates.query} field={field} onClose={templates.close}
          onPick={(text) => field.current && insertAt(field.current, text, 0, field.current.selectionEnd)}
        />
      ) : (
        <Suggestions before={draft.text.slice(0, caret)} onPick={insert} />
      )}
      <div className={classes.box}>
        <Field ref={field} text={draft.text} onText={change} onCaret={setCaret} onSend={send} onFiles={files.attach}>
          <Suspense fallback={null}>
            <Spelling conversationId={conversationId} field={field} text={draft.text} caret={caret} onCaret={setCaret} gate={gate} onBlock={setErrors} />
          </Suspense>
        </Field>
        {ask && (
          <Suspense fallback={null}>
            <AskedFor ask={ask} onDrop={asking.drop} />
          </Suspense>
        )}
        {files.some && (
          <Suspense fallback={null}>
            <AttachedFiles conversationId={conversationId} customerId={place.customerId} draft={draft} onDraft={setDraft} />
          </Suspense>
        )}
        <Bar
          channels={channels} channelsOpen={channelsOpen} onChannelsOpen={openChannels} onClosed={focus}
          asks={can?.asks ?? none} onAsk={asking.choose} onFiles={files.attach} blocked={blocked} waits={waits}
        />
      </div>
    </form>
  );
});

const none: Ask[] = [];

/** What the customer is asked for by a button below the next message, where the channel has such buttons. */
function useAsking(draft: Draft, setDraft: (d: Draft) => void, asks: Ask[]) {
  const { t } = useText();
  const [wish, setWish] = useState<Ask>();
  const ask = wish && asks.includes(wish) ? wish : undefined;
  const word = (a: Ask) => t(`work.ask.${a}.text`);
  const isOurs = draft.text === '' || asks.some((a) => draft.text === word(a));
  return {
    ask,
    forget: () => setWish(undefined),
    choose: (next: Ask) => {
      setWish(next);
      if (isOurs) setDraft({ ...draft, text: word(next) });
    },
    drop: () => {
      setWish(undefined);
      if (isOurs) setDraft({ ...draft, text: '' });
    },
  };
}

/** Sends, once the files are there; or calls, where the channel is a telephone. */
function useSend({ conversationId, draft, setDraft, channels, running, leave, asking, made, gate, errors }: {
  conversationId: string;
  draft: Draft;
  setDraft: (d: Draft) => void;
  channels: Channels;
  running: boolean;
  leave: () => void;
  asking: { ask?: Ask; forget: () => void };
  made: Made;
  gate: RefObject<Gate | undefined>;
  errors: string | undefined;
}) {
  const { chosen, reset } = channels;
  const { t } = useText();
  const reason = useReason();
  const [waits, setWaits] = useState(false);
  const calls = chosen.kind === 'phone';
  const text = draft.text.trim();
  const empty = text === '' && draft.attachments.length === 0 && !running;
  const long = text.length > LONGEST;
  const blocked = calls ? undefined : long ? t('work.send.long', { count: text.length - LONGEST }) : empty ? t('work.send.empty') : undefined;

  const send = () => {
    if (calls) {
      call(conversationId, chosen.address).then(() => say(t('work.called', { phone: chosen.address }))).catch((p: unknown) => complain(reason(p)));
      return;
    }
    if (blocked) return;
    const passes = gate.current?.() ?? true;
    setWaits(passes && running);
    if (!passes || running) return;
    const where = chosen.usual ? {} : { accountId: chosen.accountId, address: chosen.address };
    desk.reply(conversationId, { text, attachments: draft.attachments, ...where, ...(asking.ask && { ask: asking.ask }), ...made.leave(text) });
    asking.forget();
    leave();
    setDraft({ text: '', attachments: [] });
    reset();
  };

  useEffect(() => {
    if (waits && !running) send();
  });
  return { send, waits: waits && running, blocked: blocked ?? (calls ? undefined : errors) };
}

/** The server takes no longer message. */
const LONGEST = 32_000;

/** «/» at the start of the field opens the templates; Escape closes them and keeps the text. */
function useSlash(text: string, caret: number) {
  const [closedFor, closeFor] = useState<string>();
  const query = slashQuery(text, caret);
  const open = query !== undefined && closedFor === undefined;
  useEffect(() => {
    if (query === undefined) closeFor(undefined);
  }, [query]);
  return { open, query: query ?? '', close: useCallback(() => closeFor(text), [text]) };
}

/** What was typed goes along to another channel, unless a draft waits there already. */
function useCarry(draft: Draft, setDraft: (d: Draft) => void, accountId: string): { leave: () => void } {
  const before = useRef({ accountId, draft, setDraft });
  const sent = useRef(false);
  useEffect(() => {
    const left = before.current;
    const moved = left.accountId !== accountId && !sent.current && isEmpty(draft) && !isEmpty(left.draft);
    sent.current = false;
    before.current = { accountId, draft, setDraft };
    if (!moved) return;
    setDraft(left.draft);
    left.setDraft({ text: '', attachments: [] });
  }, [accountId, draft, setDraft]);
  // A message that was sent does not come along.
  return useMemo(() => ({ leave: () => (sent.current = true) }), []);
}

function isEmpty(draft: Draft): boolean {
  return draft.text === '' && draft.attachments.length === 0;
}
