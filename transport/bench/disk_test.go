package bench_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// A disk is the machine's file system, and knows how long the store's log took
// to come to rest there: on a disk that others use as well, the longest waits
// are its own.
type disk struct {
	vfs.FS
	mu    sync.Mutex
	waits *hdr.Histogram
}

func newDisk() *disk { return &disk{FS: vfs.Default, waits: histogram()} }

func (d *disk) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	f, err := d.FS.Create(name, c)
	return d.watch(name, f, err)
}

func (d *disk) ReuseForWrite(from, to string, c vfs.DiskWriteCategory) (vfs.File, error) {
	f, err := d.FS.ReuseForWrite(from, to, c)
	return d.watch(to, f, err)
}

func (d *disk) watch(name string, f vfs.File, err error) (vfs.File, error) {
	if err != nil || !strings.HasSuffix(name, ".log") {
		return f, err
	}
	return watched{f, d}, nil
}

type watched struct {
	vfs.File
	disk *disk
}

func (w watched) Sync() error     { return w.timed(w.File.Sync) }
func (w watched) SyncData() error { return w.timed(w.File.SyncData) }

func (w watched) timed(sync func() error) error {
	began := time.Now()
	err := sync()
	w.disk.mu.Lock()
	defer w.disk.mu.Unlock()
	record(w.disk.waits, time.Since(began))
	return err
}

// forget begins anew.
func (d *disk) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waits.Reset()
}

func (d *disk) report(b *testing.B) {
	d.mu.Lock()
	defer d.mu.Unlock()
	b.ReportMetric(float64(d.waits.ValueAtQuantile(99))/1000, "sync-ms-p99")
	b.ReportMetric(float64(d.waits.Max())/1000, "sync-ms-max")
}
