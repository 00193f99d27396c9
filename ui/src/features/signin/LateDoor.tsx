/** What is at the door for few: who must set up a second factor, who comes back from a provider, who makes a second step, who needs no password. */
import { useLocation } from 'wouter';
import { useSession } from '../../sync';
import { Enrol } from './Factors';
import { OtherWays, Return, Second } from './Second';

export default function LateDoor() {
  const { enrol, step } = useSession();
  const [path] = useLocation();
  if (enrol) return <Enrol />;
  if (step) return <Second step={step} />;
  return path === '/signin/return' ? <Return /> : <OtherWays />;
}
