/* Fields of neighbours on unit moments, and Heun's steps of them; eight sites are a block.

   x, y and z of all moments lie in three rows. Where the eight sites of a block have neighbours at one distance in the
   numbering, these are read as a row; elsewhere one by one. */

#include <sched.h>
#include <stdatomic.h>

#define SITES 8
#define SCATTERED INT32_MIN

typedef struct {
    int64_t blocks, stride, slots;          /* stride: doubles from x of one site to its y */
    const int32_t *neighbour, *kind;        /* (slots, sites) */
    const int32_t *distance, *shared;       /* (slots, blocks): SCATTERED and -1 where a block has none */
    const double *matrices;                 /* (kinds, 9) */
    const int32_t *own, *own_shared;        /* (sites), (blocks): of `onsite` */
    const double *onsite;                   /* (own kinds, 12): b, then A; the field of a site is b + A m + sum M m_j */
    double precession, damping;             /* dm/dt = precession m x B - damping m x (m x B) */
} lattice;

typedef struct { vec x, y, z; } triple;

static inline vec loaded(const double *from)
{
    vec v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline void stored(double *to, vec v)
{
    memcpy(to, &v, sizeof v);
}

static inline triple at(const double *m, int64_t stride, int64_t i)
{
    return (triple){loaded(m + i), loaded(m + stride + i), loaded(m + 2 * stride + i)};
}

static inline void put(double *m, int64_t stride, int64_t i, triple v)
{
    stored(m + i, v.x);
    stored(m + stride + i, v.y);
    stored(m + 2 * stride + i, v.z);
}

static inline void add_product(triple *b, const double *a, triple m)
{
    b->x += a[0] * m.x + a[1] * m.y + a[2] * m.z;
    b->y += a[3] * m.x + a[4] * m.y + a[5] * m.z;
    b->z += a[6] * m.x + a[7] * m.y + a[8] * m.z;
}

static inline void add_scattered(triple *b, const double *matrices, const int32_t *kind, triple m)
{
    for (int k = 0; k < SITES; k++) {
        const double *a = matrices + 9 * (int64_t)kind[k];
        b->x[k] += a[0] * m.x[k] + a[1] * m.y[k] + a[2] * m.z[k];
        b->y[k] += a[3] * m.x[k] + a[4] * m.y[k] + a[5] * m.z[k];
        b->z[k] += a[6] * m.x[k] + a[7] * m.y[k] + a[8] * m.z[k];
    }
}

static inline triple gathered(const double *m, int64_t stride, const int32_t *from)
{
    triple v;
    for (int k = 0; k < SITES; k++) {
        v.x[k] = m[from[k]];
        v.y[k] = m[stride + from[k]];
        v.z[k] = m[2 * stride + from[k]];
    }
    return v;
}

static inline triple own_field(const lattice *l, int64_t block, triple m)
{
    triple b;
    int32_t own = l->own_shared[block];
    if (own >= 0) {
        const double *a = l->onsite + 12 * (int64_t)own;
        b = (triple){a[0] + 0 * m.x, a[1] + 0 * m.y, a[2] + 0 * m.z};
        add_product(&b, a + 3, m);
        return b;
    }
    for (int k = 0; k < SITES; k++) {
        const double *a = l->onsite + 12 * (int64_t)l->own[block * SITES + k];
        b.x[k] = a[0] + a[3] * m.x[k] + a[4] * m.y[k] + a[5] * m.z[k];
        b.y[k] = a[1] + a[6] * m.x[k] + a[7] * m.y[k] + a[8] * m.z[k];
        b.z[k] = a[2] + a[9] * m.x[k] + a[10] * m.y[k] + a[11] * m.z[k];
    }
    return b;
}

static inline triple field_of(const lattice *l, int64_t block, const double *m, triple here)
{
    triple b = own_field(l, block, here);
    int64_t i = block * SITES, sites = l->blocks * SITES;
    for (int64_t s = 0; s < l->slots; s++) {
        int32_t distance = l->distance[s * l->blocks + block], shared = l->shared[s * l->blocks + block];
        triple there = distance != SCATTERED ? at(m, l->stride, i + distance)
                                             : gathered(m, l->stride, l->neighbour + s * sites + i);
        if (shared >= 0)
            add_product(&b, l->matrices + 9 * (int64_t)shared, there);
        else
            add_scattered(&b, l->matrices, l->kind + s * sites + i, there);
    }
    return b;
}

static inline triple across(triple a, triple b)
{
    return (triple){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

static inline triple velocity(const lattice *l, triple m, triple b)
{
    triple turn = across(m, b), down = across(m, turn);
    return (triple){l->precession * turn.x - l->damping * down.x, l->precession * turn.y - l->damping * down.y,
                    l->precession * turn.z - l->damping * down.z};
}

static inline triple unit(triple m)
{
    vec square = m.x * m.x + m.y * m.y + m.z * m.z, factor;
    for (int k = 0; k < SITES; k++)
        factor[k] = 1 / sqrt(square[k]);
    return (triple){m.x * factor, m.y * factor, m.z * factor};
}

static inline triple moved(triple m, double h, triple v)
{
    return (triple){m.x + h * v.x, m.y + h * v.y, m.z + h * v.z};
}

/* The fields on the sites of some blocks. */
void lattice_fields(const lattice *l, int64_t begin, int64_t end, const double *m, double *fields)
{
    for (int64_t block = begin; block < end; block++) {
        int64_t i = block * SITES;
        put(fields, l->stride, i, field_of(l, block, m, at(m, l->stride, i)));
    }
}

/* The velocities of moments in given fields. */
void lattice_velocities(const lattice *l, int64_t begin, int64_t end, const double *m, const double *fields, double *dm)
{
    for (int64_t i = begin * SITES; i < end * SITES; i += SITES)
        put(dm, l->stride, i, velocity(l, at(m, l->stride, i), at(fields, l->stride, i)));
}

/* Fields and velocities in one pass. */
void lattice_slopes(const lattice *l, int64_t begin, int64_t end, const double *m, double *dm)
{
    for (int64_t block = begin; block < end; block++) {
        int64_t i = block * SITES;
        triple here = at(m, l->stride, i);
        put(dm, l->stride, i, velocity(l, here, field_of(l, block, m, here)));
    }
}

static void predict(const lattice *l, int64_t begin, int64_t end, double h, const double *m, double *ahead, double *dm)
{
    for (int64_t block = begin; block < end; block++) {
        int64_t i = block * SITES;
        triple here = at(m, l->stride, i), v = velocity(l, here, field_of(l, block, m, here));
        put(dm, l->stride, i, v);
        put(ahead, l->stride, i, unit(moved(here, h, v)));
    }
}

static void correct(const lattice *l, int64_t begin, int64_t end, double h, double *m, const double *ahead,
                    const double *dm)
{
    for (int64_t block = begin; block < end; block++) {
        int64_t i = block * SITES;
        triple there = at(ahead, l->stride, i), v = velocity(l, there, field_of(l, block, ahead, there));
        put(m, l->stride, i, unit(moved(moved(at(m, l->stride, i), h / 2, at(dm, l->stride, i)), h / 2, v)));
    }
}

/* Where all threads of one run wait for one another: `arrived` counts, `turn` changes when all are there. */
typedef struct { _Atomic int64_t arrived, turn; int64_t threads; } meeting;

static void meet(meeting *all)
{
    if (all->threads == 1)
        return;
    int64_t turn = atomic_load(&all->turn);
    if (atomic_fetch_add(&all->arrived, 1) == all->threads - 1) {
        atomic_store(&all->arrived, 0);
        atomic_fetch_add(&all->turn, 1);
        return;
    }
    for (int64_t spins = 0; atomic_load(&all->turn) == turn; spins++)
        if (spins > 4096)
            sched_yield();              /* the core may be wanted by the very thread that is late */
}

/* Heun's steps of length h with coefficients that do not change; every thread of the run takes its own blocks. */
void lattice_heun(const lattice *l, int64_t begin, int64_t end, int64_t steps, double h, double *m, double *ahead,
                  double *dm, meeting *all)
{
    for (int64_t step = 0; step < steps; step++) {
        predict(l, begin, end, h, m, ahead, dm);
        meet(all);
        correct(l, begin, end, h, m, ahead, dm);
        meet(all);
    }
}

/* The halves of one step whose coefficients change: l before the first one, then as they are at its end. */
void lattice_predict(const lattice *l, int64_t begin, int64_t end, double h, const double *m, double *ahead, double *dm)
{
    predict(l, begin, end, h, m, ahead, dm);
}

void lattice_correct(const lattice *l, int64_t begin, int64_t end, double h, double *m, const double *ahead,
                     const double *dm)
{
    correct(l, begin, end, h, m, ahead, dm);
}
