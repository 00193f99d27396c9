/** The profile put together: features do not know each other, so that the app gives each its place. */
import Profile from '../features/profile/Profile';
import { Proofs, Sessions } from '../features/signin/proofs';
import { OwnKeys } from '../features/side/OwnKeys';

export default function Person() {
  return <Profile keys={<OwnKeys />} proofs={<Proofs />} sessions={<Sessions />} />;
}
