import { AgentIcon, ApiIcon, ClockIcon, MessageIcon, StarIcon } from '../../../kit/icons';
import type { AgentKind } from '../../../sync/agents';

const icons = { greeting: MessageIcon, hours: ClockIcon, bot: AgentIcon, external: ApiIcon, model: StarIcon };

export function KindIcon({ kind }: { kind: AgentKind }) {
  const Icon = icons[kind];
  return <Icon size={18} aria-hidden />;
}
