/** What differs between two versions, field by field and word by word. */
import { Text } from '@mantine/core';
import type { Change } from '../facts';
import { useWords } from '../text';
import { wordDifference, type Piece } from '../words';
import classes from '../knowledge.module.css';

interface Props {
  changes: readonly Change[];
  /** What the two are called. */
  before?: string;
  after?: string;
  /** What is said if nothing differs. */
  none: string;
  /** There was nothing before. */
  lone?: boolean;
}

export function Difference({ changes, before, after, none, lone }: Props) {
  const { t } = useWords();
  if (changes.length === 0) return <Text size="sm" c="dimmed">{none}</Text>;
  return (
    <dl className={classes.difference}>
      {changes.map((change) => {
        const pieces = wordDifference(change.before, change.after);
        return (
          <div key={change.label} className={classes.change} data-lone={lone || undefined}>
            <dt>{change.label}</dt>
            {!lone && <dd><Side label={before ?? t('kb.before')} pieces={pieces} how="gone" /></dd>}
            <dd>{lone ? change.after : <Side label={after ?? t('kb.after')} pieces={pieces} how="new" />}</dd>
          </div>
        );
      })}
    </dl>
  );
}

function Side({ label, pieces, how }: { label: string; pieces: readonly Piece[]; how: 'gone' | 'new' }) {
  const { t } = useWords();
  const mine = pieces.filter((piece) => piece.how === 'same' || piece.how === how);
  return (
    <>
      <span className={classes.sideLabel}>{label}</span>
      {mine.length === 0 ? <Text span size="sm" c="dimmed" fs="italic">{t('kb.empty')}</Text> : mine.map((piece, i) => <Word key={i} piece={piece} />)}
    </>
  );
}

function Word({ piece: { text, how } }: { piece: Piece }) {
  if (how === 'gone') return <del>{text}</del>;
  return how === 'new' ? <ins>{text}</ins> : <span>{text}</span>;
}
