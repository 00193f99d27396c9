/** The screens: those of everyday work side by side, those that set it up behind one button. */
import { Menu, UnstyledButton } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { useText } from '../../i18n';
import { ChevronDownIcon } from '../../kit/icons';
import { useSession } from '../../sync';
import { allowed, type Screen } from '../screens';
import classes from './Header.module.css';

/** As many of them are as well side by side: a button would hide more than it saves. */
const FEW = 2;

/** More side by side than this are told by signs where there is little room. */
const MANY = 4;

export function Sections() {
  const { t } = useText();
  const { may } = useSession();
  const mine = allowed(may);
  const rare = mine.filter((s) => s.setUp);
  const shown = rare.length > FEW ? mine.filter((s) => !s.setUp) : mine;
  return (
    <nav aria-label={t('app.menu')} className={classes.sections} data-many={shown.length > MANY || undefined}>
      {shown.map((s) => <Section key={s.path} screen={s} />)}
      {rare.length > FEW && <SetUp screens={rare} />}
    </nav>
  );
}

function useCurrent() {
  const [path] = useLocation();
  return (s: Screen) => path === s.path || path.startsWith(`${s.path}/`);
}

function Section({ screen: s }: { screen: Screen }) {
  const { t } = useText();
  const current = useCurrent();
  return (
    <Link href={s.path} className={classes.section} aria-current={current(s) ? 'page' : undefined} title={t(s.label)}>
      <s.icon size={16} />
      <span className={classes.word}>{t(s.label)}</span>
    </Link>
  );
}

function SetUp({ screens }: { screens: readonly Screen[] }) {
  const { t } = useText();
  const current = useCurrent();
  return (
    <Menu position="bottom-start" width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.section} aria-current={screens.some(current) || undefined}>
          {t('app.menu.setUp')}
          <ChevronDownIcon size={16} aria-hidden className={classes.more} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {screens.map((s) => (
          <Menu.Item key={s.path} component={Link} href={s.path} leftSection={<s.icon size={16} />} aria-current={current(s) ? 'page' : undefined}>
            {t(s.label)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
