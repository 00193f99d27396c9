/** What only some channels and some messages need, loaded for them. */
import { lazy } from 'react';

const all = () => import('./Extras');

export const AttachedFiles = lazy(() => import('./AttachedFiles'));
export const AskMenu = lazy(() => all().then((m) => ({ default: m.AskMenu })));
export const AskedFor = lazy(() => all().then((m) => ({ default: m.AskedFor })));
export const Spelling = lazy(() => import('./spelling/Spelling').then((m) => ({ default: m.Spelling })));
export const Window = lazy(() => all().then((m) => ({ default: m.Window })));
