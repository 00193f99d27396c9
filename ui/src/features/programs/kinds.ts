/** Facts that programs ask for most, in the order in which they happen; others are chosen by their names. */
export const kinds = [
  'conversation_opened', 'conversation_queued', 'conversation_assigned', 'conversation_closed', 'conversation_reviewed', 'message_received', 'message_sent',
  'message_delivered', 'message_failed', 'message_edited', 'message_removed', 'note_added', 'topic_set', 'routing_set', 'rating_given', 'ticket_set', 'agent_engaged',
  'slot_filled', 'survey_ended', 'customer_registered', 'profile_changed', 'address_added', 'address_removed', 'customer_merged', 'customer_erased', 'presence_changed',
] as const;
