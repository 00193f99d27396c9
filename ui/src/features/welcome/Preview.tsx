/** The chat as visitors will see it, small. */
import { useWords } from './text';
import { WebIcon } from '../../kit/icons';
import { checkAccent, inkOn } from './check';
import classes from './welcome.module.css';

interface Props {
  accent: string;
  greeting: string;
}

export function Preview({ accent, greeting }: Props) {
  const { t } = useWords();
  // While a colour is being typed it is none yet.
  const colour = checkAccent(accent) ? '#0b6e75' : accent;
  const style = { '--accent': colour, '--on-accent': inkOn(colour) } as React.CSSProperties;
  return (
    <figure className={classes.preview} style={style}>
      <figcaption className={classes.caption}>{t('welcome.preview')}</figcaption>
      <div className={classes.chat}>
        <div className={classes.bar}>{t('welcome.preview.title')}</div>
        <div className={classes.bubble}>{greeting}</div>
      </div>
      <span className={classes.launcher} aria-hidden>
        <WebIcon size={24} />
      </span>
    </figure>
  );
}
