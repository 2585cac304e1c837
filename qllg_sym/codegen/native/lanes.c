/* Trajectories in lanes: where their numbers lie, how one begins and ends.

   LANES is 1 (a vector holds eight components of one state) or 8 (a vector holds one component of eight states, each
   with a time and a step of its own; a lane that ends takes the next trajectory of the queue). Sums run over whole
   vectors: components that only pad stay zero. common.c stands above this text.

   All that happens between two calls of `advance` lies in the caller's memory, so that a caller may look at the
   samples, show progress, or stop, whenever it likes. */

typedef struct {
    double t[LANES], step[LANES], next[LANES], end[LANES];
    double since[LANES];         /* the time from which the pace is judged */
    int64_t trajectory[LANES];   /* negative: the lane is idle */
    int64_t repeated[LANES];     /* whether the last attempt was rejected, and why: INACCURATE or OVERFLOWN */
    int64_t shrunk[LANES];       /* how many attempts on end have not made the step longer */
    int64_t tried[LANES];        /* attempts since then */
    double wanted[LANES];        /* the step before it was cut to land somewhere, 0 where it was not */
    int64_t interval[LANES];     /* of its limits, where the lane is */
    int64_t begun;
} lanes_t;

typedef struct {
    vec *y, *new, *stage, *data;
    vec *k;                      /* slopes, in 12 places that stages share */
    vec *f;                      /* 7 coefficients of the dense output */
} arrays_t;

static inline vec spread(const double *x)
{
    vec v = {0};
    for (int e = 0; e < 8; e++) {
        v[e] = x[LANES == 1 ? 0 : e];
    }
    return v;
}

/* Sum over the components of each lane. */
static inline void gather(vec v, double *x)
{
    if (LANES == 1) {
        x[0] = ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
        return;
    }
    for (int e = 0; e < LANES; e++) {
        x[e] = v[e];
    }
}

/* Where component i of a lane's state or data lies. */
static inline int64_t place(const job *j, int64_t i, int lane)
{
    return ((i / j->row) * j->stride + i % j->row) * LANES + lane;
}

static void evaluate(const job *j, arrays_t *a, lanes_t *s, double c, const vec *y, vec *slope)
{
    double t[LANES];
    for (int l = 0; l < LANES; l++) {
        t[l] = s->t[l] + c * s->step[l];
        if (s->trajectory[l] >= 0) {
            j->evaluations[s->trajectory[l]]++;
        }
    }
    j->slope(j->field, t, (double *)a->data, (const double *)y, (double *)slope);
}

/* Zero for each lane whose numbers are all finite, else NaN. */
static void defects_of(const job *j, const vec *v, double *defects)
{
    vec sum = {0};
    for (int64_t i = 0; i < j->blocks; i++) {
        sum += 0.0 * v[i];
    }
    gather(sum, defects);
}

/* Whether a lane's numbers are all finite. */
static int all_finite(const job *j, const vec *v, int lane)
{
    double defects[LANES];
    defects_of(j, v, defects);
    return defects[lane] == 0.0;
}

/* Sum of squares of v/(atol + rtol |y|) over `unit`, for one lane, and the largest of them. */
static double squares(const job *j, const vec *v, const vec *less, const vec *y, int lane, double unit, double *largest)
{
    double sum = 0.0;
    *largest = 0.0;
    for (int64_t i = 0; i < j->size; i++) {
        const int64_t p = place(j, i, lane);
        const double x = ((const double *)v)[p] - (less ? ((const double *)less)[p] : 0.0);
        const double ratio = fabs(x) / (j->atol + j->rtol * fabs(((const double *)y)[p]));
        *largest = ratio > *largest || isnan(ratio) ? ratio : *largest;
        sum += (ratio * unit) * (ratio * unit);
    }
    return sum;
}

/* Root mean square of v/(atol + rtol |y|) for one lane; where its square is no double, by the largest. */
static double norm(const job *j, const vec *v, const vec *less, const vec *y, int lane)
{
    double largest, unit = 1.0, sum = squares(j, v, less, y, lane, unit, &largest);
    if (!(largest > 0.0 && largest < INFINITY)) {
        return largest;
    }
    if (!(sum > 1e-280 && sum < 1e280)) {
        unit = largest;
        sum = squares(j, v, less, y, lane, 1.0 / unit, &largest);
    }
    return unit * sqrt(sum / (double)j->size);
}

static void store(const job *j, const vec *v, int lane, int64_t trajectory)
{
    double *out = j->samples + (trajectory * j->points + j->counts[trajectory]++) * j->size;
    for (int64_t i = 0, row = 0; i < j->size; row += j->stride) {
        for (int64_t c = 0; c < j->row; c++, i++) {
            out[i] = ((const double *)v)[(row + c) * LANES + lane];
        }
    }
}

/* The first step, as SciPy chooses it (loc. cit., II.4), where the state moves; a part of the interval where it rests.
   0 where the right-hand side is not finite. */
static double first_step(const job *j, arrays_t *a, lanes_t *s, int lane)
{
    const int64_t n = j->blocks;
    const double span = s->end[lane] - s->t[lane];
    vec *slope = a->k + n, *trial = a->stage;
    if (!all_finite(j, slope, lane)) {
        return 0.0;
    }
    const double d0 = norm(j, a->y, 0, a->y, lane), d1 = norm(j, slope, 0, a->y, lane);
    double h = d0 < 1e-5 || d1 * span < 1e-5 ? FIRST_PART * span : 0.01 * d0 / d1;
    h = fmax(h < span ? h : span, nextafter(0.0, 1.0));
    memcpy(trial, a->y, (size_t)n * sizeof(vec));
    for (int64_t i = 0; i < j->size; i++) {
        const int64_t p = place(j, i, lane);
        ((double *)trial)[p] += h * ((const double *)slope)[p];
    }
    const double kept = s->step[lane];
    s->step[lane] = h;
    evaluate(j, a, s, 1.0, trial, a->k + 2 * n);
    s->step[lane] = kept;
    const double d2 = norm(j, a->k + 2 * n, slope, a->y, lane) / h;
    if (!(d1 < INFINITY && d2 < INFINITY)) {
        return h;
    }
    const int resting = d1 * span <= 1e-15 && d2 * span * span <= 1e-15;
    const double second = resting ? FIRST_PART * span : pow(0.01 / (d1 > d2 ? d1 : d2), 1.0 / 8.0);
    return fmin(fmin(100.0 * h, fmax(second, 1e-3 * h)), span);
}

/* Give a lane the next trajectory of the queue, or make it idle. */
static void take(const job *j, arrays_t *a, lanes_t *s, int lane)
{
    const int64_t n = j->blocks;
    for (;;) {
        const int64_t row = __atomic_fetch_add(j->queue, 1, __ATOMIC_RELAXED);
        s->trajectory[lane] = -1;
        s->step[lane] = 0.0;
        if (row >= j->count) {
            return;
        }
        s->t[lane] = j->reached[row] = j->times[0];
        s->end[lane] = j->times[j->points - 1];
        for (int64_t i = 0; i < j->size; i++) {
            ((double *)a->y)[place(j, i, lane)] = j->starts[row * j->size + i];
        }
        j->prepare(j->field, j->data + row * j->width, LANES, lane, (double *)a->data);
        store(j, a->y, lane, row);
        if (j->points == 1) {
            j->status[row] = DONE;
            continue;
        }
        s->trajectory[lane] = row;
        s->repeated[lane] = s->shrunk[lane] = s->tried[lane] = 0;
        s->since[lane] = s->t[lane];
        s->interval[lane] = j->firsts ? j->firsts[row] : 0;
        evaluate(j, a, s, 0.0, a->y, a->k + n);
        const double h = first_step(j, a, s, lane);
        for (int64_t i = 0; i < j->size; i++) {
            const int64_t p = place(j, i, lane);
            ((double *)a->k)[p] = ((const double *)(a->k + n))[p];
        }
        s->step[lane] = h;
        if (h > 0.0) {
            return;
        }
        j->status[row] = NOT_FINITE;
    }
}

static void finish(const job *j, arrays_t *a, lanes_t *s, int lane, int64_t status)
{
    const int64_t row = s->trajectory[lane];
    j->status[row] = status;
    j->reached[row] = s->t[lane];
    j->smallest[row] = s->step[lane];
    take(j, a, s, lane);
}

/* How far a step of length h may go: no further than the cap of any interval that it touches allows, else to where that
   interval begins. An interval without length, of cap 0, is a place to land on. */
static double reach(const job *j, lanes_t *s, int lane, double h)
{
    int64_t k = s->interval[lane];
    while (j->ends[k] <= s->t[lane]) {
        k++;
    }
    s->interval[lane] = k;
    double next = s->t[lane] + fmin(h, j->caps[k]);
    for (; j->ends[k] < next; k++) {
        next = fmin(next, fmax(s->t[lane] + j->caps[k + 1], j->ends[k]));
    }
    return next;
}

/* Whether a lane would take more than MOST_STEPS to the end. One short step says nothing: the first ones are short, and
   so are those within a pulse. It is told by steps that shrink on and on, or by the pace of WINDOW attempts. */
static int stuck(lanes_t *s, int lane)
{
    const double step = (s->end[lane] - s->t[lane]) / MOST_STEPS;
    if (s->shrunk[lane] >= FALLING && s->step[lane] < step) {
        return 1;
    }
    if (++s->tried[lane] < WINDOW) {
        return 0;
    }
    const double passed = (s->t[lane] - s->since[lane]) / WINDOW;
    s->tried[lane] = 0;
    s->since[lane] = s->t[lane];
    return passed < step;
}

/* Limit the steps of all lanes; whether any lane is still at work. */
static int limit(const job *j, arrays_t *a, lanes_t *s)
{
    int busy = 0;
    for (int l = 0; l < LANES; l++) {
        while (s->trajectory[l] >= 0) {
            const double t = s->t[l], least = 10.0 * (nextafter(t, INFINITY) - t);
            if (s->shrunk[l] && s->step[l] < 10.0 * least) {
                finish(j, a, s, l, s->repeated[l] == OVERFLOWN ? NOT_FINITE : TOO_SMALL);
                continue;
            }
            const double h = fmax(fmin(s->step[l], j->largest), least);
            const double next = j->firsts ? fmax(reach(j, s, l, h), t + least) : t + h;
            s->next[l] = next < s->end[l] ? next : s->end[l];
            s->wanted[l] = next < t + h ? h : 0.0;
            s->step[l] = s->next[l] - t;
            busy = 1;
            break;
        }
    }
    return busy;
}
