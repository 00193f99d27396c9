/** «/redirect AGENT» instead of a text hands the conversation over. */

/** What stands for the operators, and for their queue. */
const people = new Set(['', 'operator', 'operators', 'queue', 'routing']);

/** Whom an answer hands the conversation over to: an agent, '' for an operator, undefined if it only says something. */
export function redirectOf(text: string): string | undefined {
  const [command, agent = '', ...more] = text.trim().split(/\s+/);
  if (command !== '/redirect' || more.length > 0) return undefined;
  return people.has(agent.toLowerCase()) ? '' : agent;
}
