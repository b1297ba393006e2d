package server

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/glencheck-dev/glencheck/internal/api"
)

// metrics are what /metrics shows: how often each path was answered with what,
// how long it took, and the process itself. Labels are paths and error codes of
// our own tables, never text of a request.
type metrics struct {
	registry *prometheus.Registry
	answers  *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "glencheck_api_answers_total",
			Help: "Answers of the API by path, status and error code.",
		}, []string{"path", "status", "error_code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "glencheck_api_seconds",
			Help:    "Time from a request's arrival to its answer, by path.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"path"}),
	}
	m.registry.MustRegister(m.answers, m.seconds,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observe(o api.Observation) {
	m.answers.WithLabelValues(o.Path, strconv.Itoa(o.Status), o.ErrorCode).Inc()
	m.seconds.WithLabelValues(o.Path).Observe(o.Took.Seconds())
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
