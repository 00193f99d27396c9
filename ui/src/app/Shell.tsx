/** The frame of the workspace: the header above, a screen below. */
import { Button } from '@mantine/core';
import { Suspense, useState } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { useText } from '../i18n';
import { Empty, HintLayer, Lines } from '../kit';
import { useSession } from '../sync';
import { Banners } from './Banners';
import { Boundary } from './Boundary';
import { useAppCommands } from './appCommands';
import { Header } from './header/Header';
import { KeysSheet } from './KeysSheet';
import { Notices } from './notices/Notices';
import { Palette } from './Palette';
import { useOwnLooks } from './useOwnLooks';
import { canSetUp, useNewcomer } from '../features/welcome/newcomer';
import { allowed, Profile, Welcome } from './screens';
import classes from './Shell.module.css';

export function Shell() {
  const { t } = useText();
  const [keysOpen, setKeysOpen] = useState(false);
  useAppCommands(() => setKeysOpen(true));
  useOwnLooks();
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        {t('app.skip')}
      </a>
      <Header />
      <Banners />
      <main id="main" className={classes.main} tabIndex={-1}>
        <Page />
      </main>
      <Notices />
      <Palette />
      <HintLayer />
      <KeysSheet opened={keysOpen} onClose={() => setKeysOpen(false)} />
    </div>
  );
}

function Page() {
  const [path] = useLocation();
  const { may } = useSession();
  const mine = allowed(may);
  return (
    <Boundary place={path}>
      <Suspense fallback={<Lines rows={8} />}>
        <Switch>
          {mine.map((s) => (
            <Route key={s.path} path={s.pattern} component={s.page} />
          ))}
          <Route path="/profile" component={Profile} />
          {canSetUp(may) && <Route path="/welcome" component={Welcome} />}
          <Route path="/">
            <Home screen={mine[0]?.path ?? '/profile'} />
          </Route>
          <Route component={Missing} />
        </Switch>
      </Suspense>
    </Boundary>
  );
}

/** Where nothing is set up yet, who can do it begins with the first steps. */
function Home({ screen }: { screen: string }) {
  const newcomer = useNewcomer();
  if (newcomer === undefined) return <Lines rows={8} />;
  return <Redirect to={newcomer ? '/welcome' : screen} replace />;
}

function Missing() {
  const { t } = useText();
  return (
    <Empty title={t('app.missing')} text={t('app.missing.text')}>
      <Button component={Link} href="/" mt="sm">
        {t('app.home')}
      </Button>
    </Empty>
  );
}
