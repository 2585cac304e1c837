/* Classical unit moments under Brown's noise, (sites, 3) of eight trajectories; lanes.c stands above this text.

   Velocities come from a generated kernel for a batch. */

typedef void kernel_batch(size_t m, double t, const double *Y, const double *P, size_t p_stride, double *dY);

/* Tables as those of frames: a row a step, drift two, at its begin and middle; one row where nothing changes. */
typedef struct {
    interval part;
    int64_t sites, width;                /* of moments; parameters of the kernel */
    int64_t p_row, size_row;
    kernel_batch *velocity;
    const double *p;                     /* parameters, (width) */
    const double *sizes;                 /* of the noise times sqrt(length), (sites) */
} moment_run;

static inline void cross(const vec *a, const vec *b, vec *out)
{
    const vec x = a[1] * b[2] - a[2] * b[1], y = a[2] * b[0] - a[0] * b[2], z = a[0] * b[1] - a[1] * b[0];
    out[0] = x;
    out[1] = y;
    out[2] = z;
}

static inline vec squared(const vec *a)
{
    return a[0] * a[0] + a[1] * a[1] + a[2] * a[2];
}

/* out = factor m x dm/dt of all sites; `room` for velocities and parameters */
static void drift(const moment_run *r, double t, int64_t row, double factor, const vec *m, vec *out, vec *room)
{
    vec *slope = room, *p = slope + 3 * r->sites;
    for (int64_t k = 0; k < r->width; k++) {
        p[k] = r->p[row * r->p_row + k] - (vec){0};
    }
    r->velocity(LANES, t, (const double *)m, (const double *)p, 1, (double *)slope);
    for (int64_t s = 0; s < r->sites; s++) {
        cross(m + 3 * s, slope + 3 * s, out + 3 * s);
        for (int e = 0; e < 3; e++) {
            out[3 * s + e] *= factor;
        }
    }
}

/* m turned by |x| about x */
static inline void turn(vec *m, const vec *x)
{
    const vec half = 0.5 * root(squared(x)), one = {1, 1, 1, 1, 1, 1, 1, 1};
    vec c, s, once[3], twice[3];
    quarter_turns(0.6366197723675814 * half, &c, &s);
    const vec ratio = choose((mask)(half > 0.0), s / half, one);
    const vec p = ratio * c, q = 0.5 * ratio * ratio;
    cross(x, m, once);
    cross(x, once, twice);
    for (int e = 0; e < 3; e++) {
        m[e] += p * once[e] + q * twice[e];
    }
}

static void polished(const moment_run *r, vec *m)
{
    for (int64_t s = 0; s < r->sites; s++, m += 3) {
        const vec length = root(squared(m));
        for (int e = 0; e < 3; e++) {
            m[e] /= length;
        }
    }
}

static void deterministic(const moment_run *r, double t, int64_t row, double length, vec *m, vec *room)
{
    vec *x = room, *half = x + 3 * r->sites, *rest = half + 3 * r->sites;
    drift(r, t, 2 * row, length, m, x, rest);
    for (int64_t s = 0; s < r->sites; s++) {
        vec moved[3];
        cross(x + 3 * s, m + 3 * s, moved);
        for (int e = 0; e < 3; e++) {
            half[3 * s + e] = m[3 * s + e] + 0.5 * moved[e];
        }
    }
    drift(r, t + 0.5 * length, 2 * row + 1, length, half, x, rest);
    for (int64_t s = 0; s < r->sites; s++) {
        turn(m + 3 * s, x + 3 * s);
    }
}

/* A step of noise as `strang.py` has it. */
static void noise(const moment_run *r, const double *sizes, const vec *z, vec *m)
{
    for (int64_t s = 0; s < r->sites; s++) {
        vec one[3], other[3], both[3], last[3];
        for (int e = 0; e < 3; e++) {
            one[e] = sizes[s] * z[3 * s + e];
            other[e] = sizes[s] * z[3 * (r->sites + s) + e];
        }
        cross(one, other, both);
        cross(other, both, last);
        for (int e = 0; e < 3; e++) {
            one[e] += 0.35355339059327373 * both[e] - last[e] * (1.0 / 12.0);
        }
        turn(m + 3 * s, one);
    }
}

static int silent(const moment_run *r, const double *sizes)
{
    for (int64_t s = 0; s < r->sites; s++) {
        if (sizes[s] != 0.0) {
            return 0;
        }
    }
    return 1;
}

static void strang(const void *run, const stream *numbers, vec *m, vec *z, vec *room)
{
    const moment_run *r = run;
    const interval *i = &r->part;
    int64_t row = 0;
    if (i->begin == 0) {
        deterministic(r, i->t, row++, 0.5 * i->length, m, room);
    }
    for (int64_t k = i->begin; k < i->end; k++) {
        const double *sizes = r->sizes + (k - i->begin) * r->size_row;
        if (!silent(r, sizes)) {
            normals(numbers, (uint64_t)(i->first + k), z, z + room_for(numbers));
            noise(r, sizes, z, m);
        }
        deterministic(r, i->t + ((double)k + 0.5) * i->length, row++, k + 1 < i->steps ? i->length : 0.5 * i->length, m,
            room);
        if (due(i, k)) {
            polished(r, m);
        }
    }
}

static void euler(const void *run, const stream *numbers, vec *m, vec *z, vec *room)
{
    const moment_run *r = run;
    const interval *i = &r->part;
    vec *x = room;
    for (int64_t k = i->begin; k < i->end; k++) {
        const double *sizes = r->sizes + (k - i->begin) * r->size_row;
        drift(r, i->t + (double)k * i->length, k - i->begin, i->length, m, x, x + 3 * r->sites);
        const int heard = !silent(r, sizes);
        if (heard) {
            normals(numbers, (uint64_t)(i->first + k), z, z + room_for(numbers));
        }
        for (int64_t s = 0; s < r->sites; s++) {
            for (int e = 0; heard && e < 3; e++) {
                x[3 * s + e] += sizes[s] * z[3 * s + e];
            }
            turn(m + 3 * s, x + 3 * s);
        }
        if (due(i, k)) {
            polished(r, m);
        }
    }
}

void qllg_strang(const moment_run *r)
{
    advance(&r->part, r, strang);
}

void qllg_euler(const moment_run *r)
{
    advance(&r->part, r, euler);
}
