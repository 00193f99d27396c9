/** The permissions, in the manual's order. */
export const roles = [
  'admin', 'change_password', 'login', 'modify_users', 'view_client', 'view_kb', 'view_users', 'view_stat', 'view_clients', 'view_doc_exchange', 'modify_clients',
  'modify_ext_id', 'view_dialogs_search', 'view_helpdesk', 'modify_configuration', 'modify_knowledgebase', 'view_monitoring', 'view_deeplinking', 'view_reroute_btn',
  'send_files', 'send_pics', 'modify_user_dissatisfaction',
] as const;
