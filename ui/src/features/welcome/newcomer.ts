/** Who can set everything up, and whether anything is there. */
import { useSession, useWorkplaceQuery } from '../../sync';

export function canSetUp(may: (role: string) => boolean): boolean {
  return may('modify_configuration') && may('modify_users');
}

/** The first steps come first for who can take them where there is no center yet; undefined until that is known. */
export function useNewcomer(): boolean | undefined {
  const { may } = useSession();
  const { data, isError } = useWorkplaceQuery();
  if (!canSetUp(may) || isError) return false;
  return data && data.centers.length === 0;
}
