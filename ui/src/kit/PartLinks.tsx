/** The parts of a page: links, for each part has an address, and one stop of the Tab key. */
import { Link } from 'wouter';
import { useRoving } from './useRoving';
import classes from './PartLinks.module.css';

interface Props {
  label: string;
  parts: readonly { href: string; text: string; current: boolean }[];
}

export function PartLinks({ label, parts }: Props) {
  const roving = useRoving<HTMLElement>('horizontal');
  return (
    <nav {...roving} className={classes.parts} aria-label={label}>
      {parts.map(({ href, text, current }) => (
        <Link key={href} href={href} data-roving className={classes.part} aria-current={current ? 'page' : undefined}>
          {text}
        </Link>
      ))}
    </nav>
  );
}
