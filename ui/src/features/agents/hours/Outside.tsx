/** What a customer hears who comes when nobody is there. */
import type { Agency } from '../../../sync/agents';
import { inForce, spotsOf } from '../chains/chain';
import { agentName } from '../names';
import { useWords } from '../text';
import classes from '../agents.module.css';

export function Outside({ agency, center }: { agency: Agency; center: string }) {
  const { t } = useWords();
  const spot = spotsOf(agency).find((s) => s.of === 'center' && s.settings.center_id === center);
  const agent = spot && inForce(agency, spot).map((id) => agency.agents.find((a) => a.agent_id === id)).find((a) => a?.kind === 'hours' && !a.disabled);
  if (!agent) return <span className={classes.small}>{t('agents.outside.nobody')}</span>;
  return <span className={classes.small}>{t(agent.article_id ? 'agents.outside' : 'agents.outside.silent', { name: agentName(agent), next: t(`agents.outside.${agent.away || 'onward'}`) })}</span>;
}
