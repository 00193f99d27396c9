import type { ReactNode } from 'react';
import classes from './card.module.css';

/** A part of the card under a heading of its own, with what can be done there. */
export function Part({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.part} aria-label={title}>
      <div className={classes.section}>
        <h3>{title}</h3>
        {action}
      </div>
      {children}
    </section>
  );
}
