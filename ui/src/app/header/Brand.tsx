/** The mark and the name, which lead home. */
import { Link } from 'wouter';
import { useText } from '../../i18n';
import { BrandMark } from '../../kit';
import classes from './Header.module.css';

export function Brand() {
  const { t } = useText();
  return (
    <Link href="/" className={classes.brand}>
      <BrandMark />
      <span>{t('app.name')}</span>
    </Link>
  );
}
