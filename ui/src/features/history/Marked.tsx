/** What was said, with the words that were looked for marked. */
import type { Piece } from '../../sync/history';
import classes from './history.module.css';

export function Marked({ fragment }: { fragment: readonly Piece[] }) {
  return (
    <span className={classes.fragment}>
      {fragment.map(({ text, hit }, i) => (hit ? <mark key={i}>{text}</mark> : text))}
    </span>
  );
}
