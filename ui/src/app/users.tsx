/** The users put together: what the menu shows to somebody, the menu itself says. */
import UsersPage from '../features/users/UsersPage';
import { useText } from '../i18n';
import { allowed } from './screens';

export default function Users() {
  const { t } = useText();
  return <UsersPage sections={(may) => allowed(may).map((s) => t(s.label))} />;
}
