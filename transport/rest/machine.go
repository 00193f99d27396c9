package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"crafttalkd/actors/refusal"
)

// Keeper is what the store says of itself.
type Keeper interface {
	// Ready commits a small write, and returns what hinders that.
	Ready(ctx context.Context) error
	// Room returns how many bytes are free for the store, and of how many.
	Room() (free, total uint64, err error)
}

// A Gauge is a figure for /metrics.
type Gauge struct {
	Name, Help string
	Counts     bool // it only grows, from the start of the process
	Read       func() float64
}

// A Family is a figure of many things of one kind.
type Family struct {
	Name, Help string
	Counts     bool // each of them only grows, from the start of the process
	Labels     []string
	Read       func(tell func(value float64, labels ...string))
}

// collected is a family as Prometheus asks for it.
type collected struct {
	Family
	desc *prometheus.Desc
}

// Describe implements [prometheus.Collector].
func (c collected) Describe(to chan<- *prometheus.Desc) { to <- c.desc }

// Collect implements [prometheus.Collector].
func (c collected) Collect(to chan<- prometheus.Metric) {
	kind := prometheus.GaugeValue
	if c.Counts {
		kind = prometheus.CounterValue
	}
	c.Read(func(value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(c.desc, kind, value, labels...)
	})
}

// machineRoutes are what other programs ask. They hold no personal data and
// are open: whoever can reach the port may read them, so a server on a public
// address keeps /metrics and /readyz behind its proxy.
func (s *Server) machineRoutes() []*route {
	metrics := s.metrics()
	return []*route{
		{method: "GET", path: "/api/openapi.json", summary: "This description", may: anyone, verb: verb{media: "application/json", serve: (*call).openAPI}},
		{method: "GET", path: "/healthz", summary: "Whether the process lives", may: anyone, verb: answers((*call).alive)},
		{method: "GET", path: "/readyz", summary: "Whether a write can be committed now", may: anyone, verb: answers((*call).ready)},
		{method: "GET", path: "/metrics", summary: "Figures for Prometheus", may: anyone, verb: verb{media: "text/plain",
			serve: func(c *call) error { metrics.ServeHTTP(c.w, c.r); return nil }}},
		{method: "GET", path: "/status", summary: "How the server is, for a person", may: anyone, verb: verb{media: "text/html", serve: (*call).page},
			params: []param{{name: "lang", doc: "ru or en"}}},
		{method: "GET", path: "/status/status.css", summary: "The looks of that page", may: anyone, verb: verb{media: "text/css", serve: (*call).looks}},
	}
}

// Health says that all is well; what is not well is a problem.
type Health struct {
	Status string `json:"status" doc:"ok"`
}

func (c *call) alive() (Health, error) { return Health{"ok"}, nil }

// soon is how long a small write may take on a server that is ready.
const soon = 2 * time.Second

func (c *call) ready() (Health, error) { return Health{"ok"}, c.Ready(c.r.Context()) }

// Ready commits a small write, and looks at the room and at whether the server
// is going down. An answer of nil is true at the moment it is made.
func (s *Server) Ready(ctx context.Context) error {
	if s.config.Stopping != nil && s.config.Stopping() {
		return refusal.New(refusal.Busy, "the server is stopping")
	}
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	if err := s.config.Keeper.Ready(ctx); err != nil {
		s.config.Log.Warn("not ready", "err", err)
		return refusal.New(refusal.Busy, "the store takes no writes")
	}
	free, total, err := s.config.Keeper.Room()
	if err != nil {
		s.config.Log.Warn("not ready", "err", err)
		return refusal.New(refusal.Busy, "the room on the disk is unknown")
	}
	if free < s.reserve(total) {
		return refusal.New(refusal.Busy, "the disk is almost full")
	}
	return nil
}

func (s *Server) reserve(total uint64) uint64 {
	if s.config.Reserve > 0 {
		return s.config.Reserve
	}
	return min(1<<30, total/20)
}

// metrics has a registry of its own: what the process is, and what the server
// was given to tell.
func (s *Server) metrics() http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewGoCollector())
	for _, g := range s.config.Gauges {
		one := Family{g.Name, g.Help, g.Counts, nil, func(tell func(float64, ...string)) { tell(g.Read()) }}
		r.MustRegister(collected{one, prometheus.NewDesc(g.Name, g.Help, nil, nil)})
	}
	for _, f := range s.config.Families {
		r.MustRegister(collected{f, prometheus.NewDesc(f.Name, f.Help, f.Labels, nil)})
	}
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{})
}
