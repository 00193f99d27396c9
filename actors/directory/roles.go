package directory

// Permissions, by their names on the wire. Manual: Список ролей в системе.
const (
	Admin                     = "admin"                       // without centers and lines of one's own: what other roles allow, everywhere
	ChangePassword            = "change_password"             // sets passwords, one's own and others'
	Login                     = "login"                       // signs in
	ModifyUsers               = "modify_users"                // adds, edits, disables and removes users
	ViewClient                = "view_client"                 // sees a customer's profile, conversations and ticket beside a conversation
	ViewKB                    = "view_kb"                     // reads the knowledge base
	ViewUsers                 = "view_users"                  // sees the list of users
	ViewStat                  = "view_stat"                   // sees statistics
	ViewClients               = "view_clients"                // opens «Обращения» and «Предыдущие обращения»
	ViewDocExchange           = "view_doc_exchange"           // grants nothing: there is no exchange of documents here; kept so that lists of users can be taken over
	ModifyClients             = "modify_clients"              // edits customers' profiles
	ModifyExtID               = "modify_ext_id"               // edits a ticket's external id
	ViewDialogsSearch         = "view_dialogs_search"         // searches the history of conversations
	ViewHelpdesk              = "view_helpdesk"               // sends e-mail from the tab «Тикет»
	ModifyConfiguration       = "modify_configuration"        // edits settings, topics, templates and hold phrases
	ModifyKnowledgebase       = "modify_knowledgebase"        // edits the knowledge base
	ViewMonitoring            = "view_monitoring"             // sees and steers what goes on now
	ViewDeeplinking           = "view_deeplinking"            // makes invite links
	ViewRerouteBtn            = "view_reroute_btn"            // transfers a conversation
	SendFiles                 = "send_files"                  // sends files
	SendPics                  = "send_pics"                   // sends pictures
	ModifyUserDissatisfaction = "modify_user_dissatisfaction" // says at closing whether the customer was dissatisfied
)

// Roles is every permission there is, in the manual's order. A user is given
// no other.
var Roles = [...]string{
	Admin, ChangePassword, Login, ModifyUsers, ViewClient, ViewKB, ViewUsers, ViewStat,
	ViewClients, ViewDocExchange, ModifyClients, ModifyExtID, ViewDialogsSearch, ViewHelpdesk,
	ModifyConfiguration, ModifyKnowledgebase, ViewMonitoring, ViewDeeplinking, ViewRerouteBtn,
	SendFiles, SendPics, ModifyUserDissatisfaction,
}
