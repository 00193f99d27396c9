package main

import (
	"time"

	"crafttalkd/transport/rest"
	"crafttalkd/transport/teacher"
)

// botFamilies are what /metrics tells of the models in use.
func (n *node) botFamilies() []rest.Family {
	family := func(name, help string, read func(l teacher.Language) float64) rest.Family {
		return rest.Family{Name: "crafttalk_bot_" + name, Help: help, Labels: []string{"language"}, Read: func(tell func(float64, ...string)) {
			for _, l := range n.teacher.State().Languages {
				if l.Book != nil {
					tell(read(l), l.Language)
				}
			}
		}}
	}
	return []rest.Family{
		family("model_age_seconds", "How long ago the model in use was made.", func(l teacher.Language) float64 { return time.Since(l.Book.At).Seconds() }),
		family("model_bytes", "The size of the model in use.", func(l teacher.Language) float64 { return float64(l.Book.Size) }),
		family("training_seconds", "How long its training took.", func(l teacher.Language) float64 { return l.Book.Took.Seconds() }),
		family("examples", "What it learnt from.", func(l teacher.Language) float64 { return float64(l.Book.Report.Samples) }),
		family("fresh", "What it remembers beside that.", func(l teacher.Language) float64 { return float64(l.Fresh) }),
	}
}
