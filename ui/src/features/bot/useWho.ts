import { useSession, useWorkplace } from '../../sync';

/** A user as people call them. */
export function useWho(): (id: string) => string {
  const { operators } = useWorkplace();
  const { user } = useSession();
  return (id) => {
    if (user?.userId === id) return [user.firstName, user.lastName].filter(Boolean).join(' ') || user.login;
    return operators.find((o) => o.userId === id)?.name ?? id;
  };
}
