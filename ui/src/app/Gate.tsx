/** Who is signed in sees the workspace; who is not signs in and comes back to the asked page. */
import { lazy, Suspense } from 'react';
import { Redirect, useLocation, useSearch } from 'wouter';
import { SignIn } from '../features/signin/SignIn';
import { Lines } from '../kit';
import { useSession } from '../sync';
import { Shell } from './Shell';

/** Who has a link sets a password by it, signed in or not. */
const Invite = lazy(() => import('../features/invite/Invite'));

const Late = lazy(() => import('../features/signin/LateDoor'));

export function Gate() {
  const session = useSession();
  const [path] = useLocation();
  const search = useSearch();
  if (path === '/invite') return <Suspense fallback={<Lines rows={6} />}><Invite /></Suspense>;
  if (!session.ready) return <Lines rows={6} />;
  if (session.enrol || (path === '/signin/return' && !session.step)) return <Suspense fallback={<Lines rows={6} />}><Late /></Suspense>;
  if (session.user) return path.startsWith('/signin') ? <Redirect to={asked(search)} replace /> : <Shell />;
  if (path.startsWith('/signin')) return <SignIn />;
  const to = path === '/' ? '' : `?to=${encodeURIComponent(path + (search && `?${search}`))}`;
  return <Redirect to={`/signin${to}`} replace />;
}

/** The page that was asked for before signing in, if it is one of ours. */
export function asked(search: string): string {
  const to = new URLSearchParams(search).get('to') ?? '/';
  return /^\/(?![/\\])/.test(to) && !to.startsWith('/signin') ? to : '/';
}
