package lexis

import (
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Заказами, ЗАКАЗЫ; заказ", "заказами/заказ заказы/заказ заказ/заказ"},
		{"Ёлка е\u0301ж и\u0306од", "елка/елк еж/еж йод/йод"},
		{"лимит лимиты лимитов", "лимит/лим лимиты/лим лимитов/лим"},
		{"Orders ordering order's", "orders/order ordering/order order/order s/s"},
		{"return_policy-2 карта_лимит", "return/return policy/polici 2/2 карта/карт лимит/лим"},
		{"100 000 № 5 a@b.ru", "100/100 000/000 5/5 a/a b/b ru/ru"},
		{"\xff\u0301 … «»", ""},
	} {
		var got []string
		for _, w := range Of(tt.text) {
			got = append(got, w.Fold+"/"+w.Stem)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("Of(%q) = %s, want %s", tt.text, s, tt.want)
		}
	}
}
