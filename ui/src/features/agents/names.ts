/** What things are called on this page. */
import type { Agency, Agent, AgentAccount } from '../../sync/agents';

export const agentName = (agent: Pick<Agent, 'agent_id' | 'name'>) => agent.name || agent.agent_id;

export function nameOf(agency: Agency, agentId: string): string {
  const agent = agency.agents.find((a) => a.agent_id === agentId);
  return agent ? agentName(agent) : agentId;
}

export const centerName = (agency: Agency, id: string) => agency.centers.find((c) => c.center_id === id)?.name || id;
export const lineName = (agency: Agency, id: string) => agency.lines.find((l) => l.line_id === id)?.name || id;
export const calendarName = (agency: Agency, id: string) => agency.calendars.find((c) => c.calendar_id === id)?.name || id;
export const accountName = (account: AgentAccount) => account.name || account.account_id;
