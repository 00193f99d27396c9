import { FactList } from '../../kit/FactList';
import classes from './history.module.css';

/** Facts under a title. */
export function Part({ title, rows }: { title: string; rows: readonly [name: string, what: string][] }) {
  return (
    <section className={classes.part}>
      <h3 className={classes.partTitle}>{title}</h3>
      <FactList rows={rows} />
    </section>
  );
}
