package replay

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// A measure is what the server said it had used at one moment.
type measure struct {
	cpu float64 // seconds since it started
	rss int64
	ok  bool
}

// measure asks the server's metrics. A server that does not tell is not in the
// way of a run; the report says so.
func (s *stage) measure(ctx context.Context) measure {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/metrics", nil)
	if err != nil {
		return measure{}
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	resp, err := s.http.Do(req)
	if err != nil {
		return measure{}
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return measure{}
	}
	return readMeasure(resp.Body)
}

func readMeasure(r io.Reader) (m measure) {
	found := 0
	for lines := bufio.NewScanner(r); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		f, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil {
			continue
		}
		switch name {
		case "process_cpu_seconds_total":
			m.cpu = f
			found++
		case "process_resident_memory_bytes":
			m.rss = int64(f)
			found++
		}
	}
	m.ok = found == 2
	return m
}
