import classes from './FactList.module.css';

/** Facts one under the other: what each is called, and what it is. */
export function FactList({ rows }: { rows: readonly (readonly [name: string, what: string])[] }) {
  return (
    <dl className={classes.facts}>
      {rows.map(([name, what]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}
