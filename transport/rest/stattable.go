package rest

import (
	"encoding/csv"
	"net/http"
	"strconv"

	"crafttalkd/actors/figures"
	"crafttalkd/actors/refusal"
)

// A heading is that of a column.
type heading = figures.Text

// table writes rows as a file that spreadsheets open: UTF-8 and marked as such,
// with headings in the language that was asked for.
func (c *call) table(name string, head []heading, rows func(write func(...string) error) error) error {
	comma, err := c.separator()
	if err != nil {
		return err
	}
	lang := c.r.URL.Query().Get("lang")
	if lang != "" && lang != "en" && lang != "ru" {
		return refusal.Of("lang", "the language is en or ru")
	}
	h := c.w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	c.w.WriteHeader(http.StatusOK)
	w := csv.NewWriter(c.w)
	w.Comma = comma
	first := make([]string, len(head))
	for i, t := range head {
		if first[i] = t.En; lang == "ru" {
			first[i] = t.Ru
		}
	}
	_, err = c.w.Write([]byte(byteOrder))
	if err == nil {
		err = w.Write(first)
	}
	if err == nil {
		err = rows(func(cells ...string) error {
			for i := range cells {
				cells[i] = plain(cells[i])
			}
			return w.Write(cells)
		})
	}
	if w.Flush(); err == nil {
		err = w.Error()
	}
	if err != nil {
		c.config.Log.Error(name+": the table broke off", "err", err)
		panic(http.ErrAbortHandler) // half a table must not look like a whole one
	}
	return nil
}

// cell writes a number for people: with a comma where columns are not parted by
// commas, as Excel in Russian reads it.
func (c *call) cell(n *float64) string {
	if n == nil {
		return ""
	}
	text := []byte(strconv.FormatFloat(*n, 'f', -1, 64))
	if comma, _ := c.separator(); comma == ';' {
		for i, b := range text {
			if b == '.' {
				text[i] = ','
			}
		}
	}
	return string(text)
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// figuresTable is all figures, one a line.
func (c *call) figuresTable() error {
	q, err := c.statQuestion()
	if err != nil {
		return err
	}
	q.Step = 0
	a, err := c.config.History.Count(q)
	if err != nil {
		return err
	}
	head := []heading{{En: "figure", Ru: "показатель"}, {En: "name", Ru: "название"}, {En: "unit", Ru: "единица"}, {En: "value", Ru: "значение"},
		{En: "count", Ru: "количество"}, {En: "p50", Ru: "p50"}, {En: "p90", Ru: "p90"}, {En: "p99", Ru: "p99"}}
	return c.table("figures.csv", head, func(write func(...string) error) error {
		for i, d := range figures.Definitions() {
			f, name := statFigure(d, a.Figures[i].Value), d.Name.En
			if c.r.URL.Query().Get("lang") == "ru" {
				name = d.Name.Ru
			}
			if err := write(f.ID, name, string(d.Unit), c.cell(f.Value), whole(f.Count), c.cell(f.P50), c.cell(f.P90), c.cell(f.P99)); err != nil {
				return err
			}
		}
		return nil
	})
}

// operatorsTable is what all operators did. Manual: «Скачать».
func (c *call) operatorsTable() error {
	rows, err := c.operatorRows()
	if err != nil {
		return err
	}
	head := []heading{{En: "operator", Ru: "id оператора"}, {En: "name", Ru: "имя"}, {En: "conversations", Ru: "обращений"}, {En: "messages", Ru: "сообщений"},
		{En: "pairs", Ru: "пар вопрос-ответ"}, {En: "close_time", Ru: "среднее время закрытия, с"}, {En: "kept_time", Ru: "среднее время у оператора, с"},
		{En: "response_time", Ru: "среднее время ответа, с"}, {En: "message_length", Ru: "средняя длина сообщения"}}
	return c.table("operators.csv", head, func(write func(...string) error) error {
		for _, o := range rows {
			if err := write(o.OperatorID, o.Name, whole(o.Conversations), whole(o.Messages), whole(o.Pairs), c.cell(o.CloseTime), c.cell(o.KeptTime),
				c.cell(o.ResponseTime), c.cell(o.MessageLength)); err != nil {
				return err
			}
		}
		return nil
	})
}
