package webhook

import "sync"

// The bounds of what is in memory and on the wire.
const (
	heldMost     = 20000 // deliveries in memory
	heldReceiver = 1000  // of one receiver
	wireMost     = 1024  // tries under way
	wireReceiver = 32    // to one receiver that answers
	wireFirst    = 4     // to one that nothing is known of
)

// queue holds the deliveries that this process has in hand, and starts them so
// that nobody waits for somebody else's receiver: each receiver has a number of
// tries under way that grows as it answers and shrinks as it lets us wait, and
// receivers take turns. Deliveries of one subject go one after the other.
type queue struct {
	start func(*Delivery) // begins a try, which calls done at its end
	roomy func()          // a receiver that was full has room again

	perReceiver int // heldReceiver, except to tests

	mu        sync.Mutex
	open      bool
	held      map[string]bool // ids, waiting and under way
	wire      int             // under way
	receivers map[string]*receiver
	ready     []*receiver // with something to start, each once
	changed   chan struct{}
}

type receiver struct {
	key   string
	held  int
	wire  int
	most  int
	full  bool // somebody was told that there is no room
	lanes map[string]*lane
	ready []*lane // with something to start and nothing under way
	line  bool    // in queue.ready
}

// lane is the deliveries of one subject to one receiver.
type lane struct {
	subject string
	waiting []*Delivery
}

func newQueue(start func(*Delivery), roomy func()) *queue {
	return &queue{start: start, roomy: roomy, perReceiver: heldReceiver, held: map[string]bool{}, receivers: map[string]*receiver{}, changed: make(chan struct{})}
}

// room is how many more deliveries to a receiver may be taken in hand.
func (q *queue) room(key string) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.open {
		return 0
	}
	free := min(q.perReceiver, heldMost-len(q.held))
	if r := q.receivers[key]; r != nil {
		free = min(q.perReceiver-r.held, heldMost-len(q.held))
		r.full = r.full || free <= 0
	}
	return max(free, 0)
}

// put takes a delivery in hand. What does not fit any more stays claimed in memory
// all the same: who asked for room before was few against the bounds.
func (q *queue) put(d *Delivery) {
	q.mu.Lock()
	defer q.mu.Unlock()
	r := q.receivers[d.receiver]
	if r == nil {
		r = &receiver{key: d.receiver, most: wireFirst, lanes: map[string]*lane{}}
		q.receivers[d.receiver] = r
	}
	q.held[d.ID] = true
	r.held++
	l := r.lanes[d.Subject]
	if l == nil {
		l = &lane{subject: d.Subject}
		r.lanes[d.Subject] = l
		r.ready = append(r.ready, l)
	}
	l.waiting = append(l.waiting, d)
	q.offer(r)
	q.pump()
}

// offer puts a receiver in line if it may start something.
func (q *queue) offer(r *receiver) {
	if !r.line && len(r.ready) > 0 && r.wire < r.most {
		r.line = true
		q.ready = append(q.ready, r)
	}
}

// pump starts what may be started, one of each receiver at a time.
func (q *queue) pump() {
	for q.open && q.wire < wireMost && len(q.ready) > 0 {
		r := q.ready[0]
		q.ready = q.ready[1:]
		r.line = false
		l := r.ready[0]
		r.ready = r.ready[1:]
		d := l.waiting[0]
		l.waiting = l.waiting[1:]
		q.wire++
		r.wire++
		q.offer(r)
		q.start(d)
	}
}

// done ends a try. late says that the receiver let us wait until the end.
func (q *queue) done(d *Delivery, late bool) {
	q.mu.Lock()
	r := q.receivers[d.receiver]
	q.wire--
	r.wire--
	if late {
		r.most = max(1, r.most/2)
	} else {
		r.most = min(wireReceiver, r.most+1)
	}
	if l := r.lanes[d.Subject]; len(l.waiting) > 0 {
		r.ready = append(r.ready, l)
	} else {
		delete(r.lanes, d.Subject)
	}
	q.offer(r)
	q.pump()
	q.mu.Unlock()
}

// settled says that what became of a delivery is in the database.
func (q *queue) settled(list []*Delivery) {
	q.mu.Lock()
	roomy := false
	for _, d := range list {
		r := q.receivers[d.receiver]
		delete(q.held, d.ID)
		r.held--
		if r.full && r.held < q.perReceiver/2 {
			r.full, roomy = false, true
		}
		if r.held == 0 {
			delete(q.receivers, d.receiver)
		}
	}
	close(q.changed)
	q.changed = make(chan struct{})
	q.mu.Unlock()
	if roomy {
		q.roomy()
	}
}

// idle reports whether nothing is in hand; otherwise wait is closed at the next
// change.
func (q *queue) idle() (idle bool, wait <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.held) == 0, q.changed
}

// opens lets deliveries be taken in hand, or no more. What waits stays in memory
// and is not started.
func (q *queue) opens(open bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.open = open
	q.pump()
}

// clear forgets what waits: the database still has it.
func (q *queue) clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held, q.wire, q.receivers, q.ready = map[string]bool{}, 0, map[string]*receiver{}, nil
}

// absent lists what is not in hand.
func (q *queue) absent(list []candidate) []candidate {
	q.mu.Lock()
	defer q.mu.Unlock()
	var absent []candidate
	for _, c := range list {
		if !q.held[c.id] {
			absent = append(absent, c)
		}
	}
	return absent
}
