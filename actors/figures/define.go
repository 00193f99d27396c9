package figures

// A Text is something in both languages of the product.
type Text struct{ En, Ru string }

// A Unit is what a figure counts in.
type Unit string

// The units.
const (
	Conversations Unit = "conversations"
	Messages      Unit = "messages"
	Answers       Unit = "answers"
	Seconds       Unit = "seconds"
	Points        Unit = "points"
	Characters    Unit = "characters"
)

// A Definition is all that is to be said of a figure, and the only place where it
// is said how it comes about.
type Definition struct {
	ID      string
	Name    Text
	Unit    Unit
	Average bool // it is a mean with percentiles; others count
	Formula Text
	Edges   Text // what happens at the edges
	value   func(*tally) Value
	behind  func(*Choice, *block, *row) bool // whether a conversation is behind the figure
}

// everywhere is what holds for each figure.
var everywhere = Text{
	En: "Counted are conversations that ended in the period, its beginning included and its end not, by the time of their end. Conversations of customers who are test customers now are not counted, nor those that became a part of another one by a merge. With a filter on operators, only what those operators did is counted of a conversation.",
	Ru: "Учитываются обращения, завершённые в выбранном периоде (начало входит, конец нет), по времени завершения. Обращения тестовых клиентов (по признаку клиента сейчас) и обращения, влитые в другие при объединении, не учитываются. При фильтре по операторам в обращении учитывается только работа этих операторов.",
}

// Everywhere is what holds for each figure.
func Everywhere() Text { return everywhere }

// Definitions are all figures, in the order in which they are shown.
func Definitions() []Definition { return append(counts(), averages()...) }

// Defined returns the definition of a figure; nil if there is none.
func Defined(id string) *Definition {
	for _, d := range Definitions() {
		if d.ID == id {
			return &d
		}
	}
	return nil
}

func counts() []Definition {
	handled := func(h Handling) (func(*tally) Value, func(*Choice, *block, *row) bool) {
		return func(t *tally) Value { return Value{Count: t.handled[h]} }, func(_ *Choice, _ *block, r *row) bool { return r.handling == h }
	}
	automatic, isAutomatic := handled(Automatic)
	served, isServed := handled(ByOperator)
	unserved, isUnserved := handled(Unserved)
	return []Definition{
		{ID: "total", Name: Text{"Conversations", "Всего обращений"}, Unit: Conversations,
			Formula: Text{"How many conversations ended. It is the sum of the three ways in which they were handled.", "Сколько обращений завершено. Равно сумме трёх видов обработки."},
			value: func(t *tally) Value {
				return Value{Count: t.handled[Automatic] + t.handled[ByOperator] + t.handled[Unserved]}
			},
			behind: func(*Choice, *block, *row) bool { return true }},
		{ID: "automatic", Name: Text{"Handled automatically", "Обработано автоматически"}, Unit: Conversations,
			Formula: Text{"Conversations that agents alone kept: they never waited for an operator.", "Обращения, которые вели только агенты: в очереди к оператору они не были."},
			value:   automatic, behind: isAutomatic},
		{ID: "by_operators", Name: Text{"Handled by operators", "Обработано операторами"}, Unit: Conversations,
			Formula: Text{"Conversations that an operator kept, however shortly.", "Обращения, которые хотя бы недолго вёл оператор."},
			value:   served, behind: isServed},
		{ID: "unserved", Name: Text{"Left unserved", "Не дождались оператора"}, Unit: Conversations,
			Formula: Text{"Conversations that waited for an operator and that none ever kept.", "Обращения, которые ждали оператора и так к нему и не попали."},
			value:   unserved, behind: isUnserved},
		{ID: "dissatisfied", Name: Text{"Customer dissatisfied", "Клиент недоволен"}, Unit: Conversations,
			Formula: Text{"Conversations closed with the mark that the customer was dissatisfied.", "Обращения, завершённые с отметкой о недовольстве клиента."},
			Edges:   Text{"A conversation without the mark either way is not among them.", "Обращения без отметки не входят."},
			value:   func(t *tally) Value { return Value{Count: t.angry} },
			behind:  func(_ *Choice, _ *block, r *row) bool { return r.marks&angry != 0 }},
		{ID: "pairs", Name: Text{"Questions answered", "Пар «вопрос — ответ»"}, Unit: Answers,
			Formula: Text{"Questions of customers that an operator answered. Several messages of the customer in a row are one question.", "Вопросы клиентов, на которые ответил оператор. Несколько сообщений клиента подряд — один вопрос."},
			Edges:   Text{"A hold phrase answers nothing.", "Фраза удержания ответом не считается."},
			value:   func(t *tally) Value { return Value{Count: t.response.value(1).Count} },
			behind:  paired},
	}
}

func averages() []Definition {
	return []Definition{
		{ID: "close_time", Name: Text{"Time to close", "Время закрытия диалога"}, Unit: Seconds, Average: true,
			Formula: Text{"From the beginning of a conversation to its end.", "От начала обращения до его завершения."},
			Edges:   Text{"All time counts, nights and holds too.", "Считается всё время, включая ночь и удержание."},
			value:   func(t *tally) Value { return t.close.value(1) },
			behind:  func(*Choice, *block, *row) bool { return true }},
		{ID: "kept_time", Name: Text{"Time with operators", "Время у оператора"}, Unit: Seconds, Average: true,
			Formula: Text{"For how long operators kept a conversation, all their stretches together, of conversations that an operator kept or wrote in.", "Сколько обращение было у операторов, все сессии вместе; по обращениям, которые вёл или в которые писал оператор."},
			value:   func(t *tally) Value { return t.kept.value(1) },
			behind:  func(_ *Choice, _ *block, r *row) bool { return r.workCount > 0 }},
		{ID: "operator_messages", Name: Text{"Operator's messages", "Сообщений оператора"}, Unit: Messages, Average: true,
			Formula: Text{"Messages that operators wrote in a conversation, of conversations that an operator kept or wrote in.", "Сообщения операторов в одном обращении; по обращениям, которые вёл или в которые писал оператор."},
			Edges:   Text{"Hold phrases that an operator sends count; what the system says by itself does not.", "Фразы удержания, отправленные оператором, считаются; автоматические сообщения системы — нет."},
			value:   func(t *tally) Value { return t.said.value(1000) },
			behind:  func(_ *Choice, _ *block, r *row) bool { return r.workCount > 0 }},
		{ID: "customer_messages", Name: Text{"Customer's messages", "Сообщений клиента"}, Unit: Messages, Average: true,
			Formula: Text{"Messages that the customer wrote in a conversation.", "Сообщения клиента в одном обращении."},
			Edges:   Text{"Automatic replies of a customer's mailbox do not count.", "Автоответы почты клиента не считаются."},
			value:   func(t *tally) Value { return t.asked.value(1000) },
			behind:  func(*Choice, *block, *row) bool { return true }},
		{ID: "response_time", Name: Text{"Response time", "Время ответа клиенту"}, Unit: Seconds, Average: true,
			Formula: Text{"From the first message of a question to the operator's answer, over all questions answered.", "От первого сообщения вопроса до ответа оператора, по всем парам «вопрос — ответ»."},
			Edges:   Text{"An operator who got the conversation after the question answers for the time since then. A question that nobody answered has no response time.", "Если оператор получил обращение после вопроса, время считается с этого момента. Вопрос без ответа времени ответа не имеет."},
			value:   func(t *tally) Value { return t.response.value(1) }, behind: paired},
		{ID: "first_response_time", Name: Text{"First response time", "Время первого ответа"}, Unit: Seconds, Average: true,
			Formula: Text{"From the customer's first message, or from when the conversation left the agents if that was later, to the first answer of an operator.", "От первого сообщения клиента (или от ухода обращения от агентов, если это было позже) до первого ответа оператора."},
			Edges:   Text{"The wait in the queue is in it. A conversation that an operator began and the customer answered later has none.", "Ожидание в очереди входит. У обращения, которое начал оператор, его нет."},
			value:   func(t *tally) Value { return t.first.value(1) },
			behind:  func(_ *Choice, _ *block, r *row) bool { return r.first != none }},
		{ID: "wait_time", Name: Text{"Wait in the queue", "Ожидание в очереди"}, Unit: Seconds, Average: true,
			Formula: Text{"For how long a conversation was in queues, all stays together, of those that were in one.", "Сколько обращение пробыло в очередях, все разы вместе; по обращениям, которые были в очереди."},
			value:   func(t *tally) Value { return t.wait.value(1) },
			behind:  func(_ *Choice, _ *block, r *row) bool { return r.waited != none }},
		{ID: "rating", Name: Text{"Rating", "Оценка"}, Unit: Points, Average: true,
			Formula: Text{"What customers gave, from 1 to 5.", "Оценки клиентов, от 1 до 5."},
			Edges:   Text{"Conversations without one are left out. Of several the last counts, also when it came after the end.", "Обращения без оценки не входят. Из нескольких считается последняя, в том числе после завершения."},
			value:   func(t *tally) Value { return t.rating.value(1000) },
			behind:  func(_ *Choice, _ *block, r *row) bool { return r.rating > 0 }},
		{ID: "message_length", Name: Text{"Length of a message", "Длина сообщения"}, Unit: Characters, Average: true,
			Formula: Text{"Characters of a message that an operator wrote.", "Символы в сообщении оператора."},
			Edges:   Text{"A message whose words were erased has no length. There are no percentiles of it.", "У сообщения, текст которого стёрт, длины нет. Перцентили не считаются."},
			value:   func(t *tally) Value { return Value{Count: t.measured, Sum: t.length * 1000} },
			behind: func(x *Choice, b *block, r *row) bool {
				return x.anyWork(b, r, func(w *work) bool { return w.measured > 0 })
			}},
	}
}

// paired tells whether an operator who is asked for answered in a conversation.
func paired(x *Choice, b *block, r *row) bool {
	for _, operator := range b.askers[r.pairs:][:r.pairCount] {
		if x.workers == nil || x.workers[operator] {
			return true
		}
	}
	return false
}

// anyWork tells whether what an operator who is asked for did is so.
func (x *Choice) anyWork(b *block, r *row, is func(*work) bool) bool {
	for i := range r.workCount {
		if w := &b.works[r.works+uint32(i)]; (x.workers == nil || x.workers[w.operator]) && is(w) {
			return true
		}
	}
	return false
}
