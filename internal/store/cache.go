package store

import (
	"hash/maphash"
	"sync"
)

// shards spreads a cache over several locks, so that a write of one key keeps
// few others from being put.
const shards = 64

// Cache keeps values that were read from the database in memory. It is bounded,
// and it is coherent: whoever changes a value calls Drop in the transaction that
// changes it, and a value that was read before that change can no longer be put.
// On PostgreSQL, where another node may write, it keeps nothing.
type Cache[K comparable, V any] struct {
	seed  maphash.Seed
	limit int // values per shard; 0 keeps nothing
	shard [shards]shard[K, V]
}

type shard[K comparable, V any] struct {
	mu    sync.RWMutex
	kept  map[K]V
	drops uint64
}

// Ticket stands for the moment before a value is read from the database.
type Ticket uint64

// NewCache returns a cache for about capacity values; without a database it keeps none.
func NewCache[K comparable, V any](db *DB, capacity int) *Cache[K, V] {
	c := &Cache[K, V]{seed: maphash.MakeSeed()}
	if db != nil && db.SingleNode() {
		c.limit = (capacity + shards - 1) / shards
		db.OnReplace(c.clear)
	}
	return c
}

// clear forgets everything.
func (c *Cache[K, V]) clear() {
	for i := range c.shard {
		s := &c.shard[i]
		s.mu.Lock()
		s.drops++
		s.kept = nil
		s.mu.Unlock()
	}
}

func (c *Cache[K, V]) at(k K) *shard[K, V] {
	return &c.shard[maphash.Comparable(c.seed, k)%shards]
}

// Get returns the value kept for k. If there is none, read it from the database
// and give it to Put together with the ticket.
func (c *Cache[K, V]) Get(k K) (V, bool, Ticket) {
	s := c.at(k)
	s.mu.RLock()
	defer s.mu.RUnlock()
	v, ok := s.kept[k]
	return v, ok, Ticket(s.drops)
}

// Put keeps v for k, unless something near k was dropped since the ticket was
// drawn: then v may be old.
func (c *Cache[K, V]) Put(t Ticket, k K, v V) {
	if c.limit == 0 {
		return
	}
	s := c.at(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	if Ticket(s.drops) != t {
		return
	}
	if s.kept == nil {
		s.kept = map[K]V{}
	}
	if len(s.kept) >= c.limit {
		for old := range s.kept { // any one: map order is as good as random
			delete(s.kept, old)
			break
		}
	}
	s.kept[k] = v
}

// Drop forgets k once tx is durable.
func (c *Cache[K, V]) Drop(tx *Tx, k K) {
	tx.AfterCommit(func() {
		s := c.at(k)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.drops++
		delete(s.kept, k)
	})
}
