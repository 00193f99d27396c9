/** The field itself: sending keys, the automatic capital, pasted files. */
import { useEffect, type ClipboardEvent, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
import { useText } from '../../../i18n';
import { usePreferences, useWorkplace } from '../../../sync';
import { capitalOf } from './capital';
import { insertAt } from './insert';
import { breaksLine, sends } from './keys';
import classes from './composer.module.css';

interface Props {
  ref: RefObject<HTMLTextAreaElement | null>;
  text: string;
  onText: (text: string) => void;
  onCaret: (caret: number) => void;
  onSend: () => void;
  onFiles: (files: File[]) => void;
  /** What lies behind the text. */
  children: ReactNode;
}

export function Field({ ref, text, onText, onCaret, onSend, onFiles, children }: Props) {
  const { t } = useText();
  const [{ sendKey }] = usePreferences();
  useAutoCapital(ref);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.defaultPrevented) return;
    const press = { ...pressOf(event), isComposing: event.nativeEvent.isComposing };
    if (sends(press, sendKey)) {
      event.preventDefault();
      onSend();
    } else if (breaksLine(press, sendKey)) {
      event.preventDefault();
      insertAt(event.currentTarget, '\n');
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0 || event.clipboardData.types.includes('text/plain')) return;
    event.preventDefault();
    onFiles(files);
  };
  return (
    // What is behind the field has the same text and makes it as high: nothing has to be measured.
    <div className={classes.grow} data-text={text}>
      {children}
      <textarea
        ref={ref} aria-label={t('work.field')} placeholder={t('work.field.placeholder')} value={text} rows={2} spellCheck className={classes.field}
        onChange={(event) => {
          onText(event.currentTarget.value);
          onCaret(event.currentTarget.selectionStart);
        }}
        onSelect={(event) => onCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown} onPaste={onPaste}
      />
    </div>
  );
}

function pressOf(e: KeyboardEvent) {
  const { key, code, ctrlKey, metaKey, shiftKey, altKey, keyCode } = e;
  return { key, code, ctrlKey, metaKey, shiftKey, altKey, keyCode };
}

/** A small letter that begins a sentence goes in as a capital, before it is there at all: undo is one step. */
function useAutoCapital(ref: RefObject<HTMLTextAreaElement | null>): void {
  const { autoCapital } = useWorkplace().settings;
  useEffect(() => {
    const field = ref.current;
    if (!field || !autoCapital) return;
    const onBeforeInput = (event: InputEvent) => {
      if (event.inputType !== 'insertText' || event.isComposing || !event.data) return;
      const capital = capitalOf(field.value.slice(0, field.selectionStart), event.data);
      if (!capital) return;
      event.preventDefault();
      insertAt(field, capital);
    };
    field.addEventListener('beforeinput', onBeforeInput);
    return () => field.removeEventListener('beforeinput', onBeforeInput);
  }, [ref, autoCapital]);
}
