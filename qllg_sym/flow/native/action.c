/* H/hbar on kets of spins 1/2 without a matrix: out[i] = sum over strings of c (-1)^(z & i) v[i ^ x].

   A ket is doubles: the lowest bit of a double's number says whether it is a real or an imaginary part, the next ones
   which of the kets that lie side by side, the others are the spins. A pass takes the strings whose flips x lie in few
   bits. It copies a tile, every double that these bits reach, to the second cache, and works the result out chunk by
   chunk; the ket streams through memory once a pass.

   Strings with equal x are one operation y[i] += f(i) v[i ^ x], f(i) = sum of c (-1)^(z & i). Where x and z lie above
   the bits of a chunk, f is a number that depends on the number of the chunk: such operations are lists of (flip, f),
   worked through with the chunk of the result in registers. Else f is a table with a number for each double of a chunk.
   Both are Walsh-Hadamard transforms of the coefficients. An operation depends on some bits of a chunk's number alone;
   those that depend on the same bits are a set. Sets with imaginary coefficients come first; i is multiplied once. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { LANES = 8, CHUNK = 64, LINE = 8 }; /* doubles in a vector, a chunk, a line of the cache */
enum { KINDS = 8 }; /* sets of lists: f depends on no bits, low ones, high ones, all; on the tile or not */

typedef struct {
    int64_t run;               /* log2 of the amplitudes side by side in the ket */
    int64_t columns;           /* log2 of the room for kets side by side */
    int64_t tile;              /* log2 of the doubles in a tile */
    int64_t outer;             /* log2 of the number of tiles */
    int64_t shift;             /* flips outside the tile, as the number of a tile */
    int64_t fresh;             /* whether the result is written, or else added to what is there */
    int64_t sets;              /* number of sets */
    const int64_t *rows;       /* (2^(tile - 1 - columns - run)) place of each run of a tile in the ket */
    const int64_t *bits;       /* (outer) place of each bit of a tile's number */
    const int64_t *set;        /* (sets, 6) whether imaginary, whether tables, lowest bit of a chunk's number that f
                                  depends on, how many bits, whether f differs from tile to tile, end of operations */
    const int64_t *operation;  /* (operations, 3) flips of chunks, flips in a chunk, end of its strings */
    const int64_t *string;     /* (strings, 2) z as a place in the transform, z outside the tile */
    const double *coefficient; /* (strings) */
} pass;

typedef struct {
    int64_t flip;
    double f;
} entry;

static int odd(uint64_t x) {
    x ^= x >> 32;
    x ^= x >> 16;
    x ^= x >> 8;
    x ^= x >> 4;
    return (int)((0x6996u >> (x & 15u)) & 1u);
}

/* y += f x[q ^ flip] for all entries of some lists, each of which ends with a negative flip. */
static void uniform(double *y, const double *x, int64_t q, const entry *const *lists) {
    double sum[CHUNK];
    for (int k = 0; k < CHUNK; k++)
        sum[k] = y[k];
    for (; *lists; lists++)
        for (const entry *e = *lists; e->flip >= 0; e++) {
            const double *from = x + (q ^ e->flip) * CHUNK, f = e->f;
            for (int k = 0; k < CHUNK; k++)
                sum[k] += f * from[k];
        }
    for (int k = 0; k < CHUNK; k++)
        y[k] = sum[k];
}

/* y[k] += f[k] x[k ^ (flip + lane)], flip a multiple of the lanes. */
static inline void crossed(double *restrict y, const double *restrict x, const double *restrict f, int64_t flip,
                           int lane) {
    for (int64_t b = 0; b < CHUNK; b = (b | (LANES - 1)) + 1) { /* odd, lest it be taken for strides */
        double sum[LANES];
        for (int k = 0; k < LANES; k++) /* nothing is stored before all is read: so this is one vector */
            sum[k] = y[b + k] + f[b + k] * x[(b ^ flip) + (k ^ lane)];
        for (int k = 0; k < LANES; k++)
            y[b + k] = sum[k];
    }
}

/* The same for flips in a chunk, which keep the parts of a number. */
static void tabulated(double *y, const double *x, const double *f, int64_t flips) {
    int64_t flip = flips & ~(int64_t)(LANES - 1);
    switch (flips & (LANES - 1)) {
    case 0: crossed(y, x, f, flip, 0); break;
    case 2: crossed(y, x, f, flip, 2); break;
    case 4: crossed(y, x, f, flip, 4); break;
    default: crossed(y, x, f, flip, 6);
    }
}

/* y becomes i y. */
static void turned(double *y) {
    for (int k = 0; k < 2 * CHUNK; k += 2) {
        double re = y[k];
        y[k] = -y[k + 1];
        y[k + 1] = re;
    }
}

/* f[i] = sum over z of f[z] (-1)^(z & i). */
static void hadamard(double *f, int64_t size) {
    for (int64_t half = 1; half < size; half *= 2)
        for (int64_t b = 0; b < size; b += 2 * half) {
            double *restrict low = f + b, *restrict high = low + half;
            for (int64_t k = 0; k < half; k++) {
                double sum = low[k] + high[k];
                high[k] = low[k] - high[k];
                low[k] = sum;
            }
        }
}

/* f of an operation, for every setting of its bits. */
static void factors(const pass *p, int64_t first, int64_t end, uint64_t far, double *f, int64_t size) {
    memset(f, 0, (size_t)size * sizeof *f);
    for (int64_t s = first; s < end; s++)
        f[p->string[2 * s]] += odd((uint64_t)p->string[2 * s + 1] & far) ? -p->coefficient[s] : p->coefficient[s];
    hadamard(f, size);
}

static int64_t begin(const int64_t *table, int64_t width, int64_t k) {
    return k ? table[width * k - 1] : 0;
}

/* Doubles that a set needs: a list for each setting, or a table for each operation; and room for a transform. */
static int64_t room(const pass *p, int64_t k) {
    const int64_t *set = p->set + 6 * k;
    int64_t count = set[5] - begin(p->set, 6, k), size = (int64_t)1 << set[3];
    return set[1] ? count * size * CHUNK : (2 * (count + 1) * size + size + LINE) / LINE * LINE;
}

static int64_t setting(const int64_t *set, int64_t q) { return q >> set[2] & (((int64_t)1 << set[3]) - 1); }

/* Writes the lists or tables of a set. */
static void prepare(const pass *p, int64_t k, uint64_t far, double *space) {
    const int64_t *set = p->set + 6 * k;
    int64_t first = begin(p->set, 6, k), stride = set[5] - first + 1, size = (int64_t)1 << set[3];
    entry *lists = (entry *)(void *)space;
    double *f = space + 2 * stride * size;
    for (int64_t q = 0; !set[1] && q < stride * size; q++)
        lists[q].flip = -1;
    for (int64_t o = first; o < set[5]; o++) {
        const int64_t *operation = p->operation + 3 * o;
        if (set[1]) {
            factors(p, begin(p->operation, 3, o), operation[2], far, space + (o - first) * size * CHUNK, size * CHUNK);
            continue;
        }
        factors(p, begin(p->operation, 3, o), operation[2], far, f, size);
        for (int64_t q = 0; q < size; q++)
            if (f[q] != 0.0) {
                entry *list = lists + q * stride;
                while (list->flip >= 0)
                    list++;
                *list = (entry){operation[0], f[q]};
            }
    }
}

/* All sets on one chunk. Two sums, so that operations need not wait for each other. */
static void work(const pass *p, const double *x, double *y, int64_t q, const double *space) {
    int imaginary = 0, other = 0;
    memset(y, 0, 2 * CHUNK * sizeof *y);
    for (int64_t k = 0; k < p->sets;) {
        const int64_t *set = p->set + 6 * k;
        const entry *lists[KINDS + 1] = {NULL};
        if (imaginary && !set[0])
            turned(y);
        imaginary = (int)set[0];
        for (int64_t n = 0; k < p->sets && set[0] == imaginary && !set[1]; space += room(p, k++), set += 6, n++)
            lists[n] = (const entry *)(const void *)space + setting(set, q) * (set[5] - begin(p->set, 6, k) + 1);
        if (*lists)
            uniform(y, x, q, lists);
        for (; k < p->sets && set[0] == imaginary && set[1]; space += room(p, k++), set += 6)
            for (int64_t o = begin(p->set, 6, k), n = 0; o < set[5]; o++, n++, other ^= CHUNK) {
                const int64_t *operation = p->operation + 3 * o;
                const double *f = space + ((n << set[3]) + setting(set, q)) * CHUNK;
                tabulated(y + other, x + (q ^ operation[0]) * CHUNK, f, operation[1]);
            }
    }
    if (imaginary)
        turned(y);
}

static int64_t place(const pass *p, int64_t tile) {
    int64_t base = 0;
    for (int64_t k = 0; k < p->outer; k++)
        base += (tile >> k & 1) << p->bits[k];
    return base;
}

/* Doubles from the start of a tile to its chunk q in the ket. */
static int64_t offset(const pass *p, int64_t q, int64_t columns) {
    int64_t a = q * (CHUNK / 2) >> p->columns;
    return 2 * columns * (p->rows[a >> p->run] + (a & (((int64_t)1 << p->run) - 1)));
}

/* Copies `width` of the `columns` kets to chunk q of a tile. */
static void gather(const pass *p, double *restrict x, const double *ket, int64_t q, int64_t columns, int64_t width) {
    int64_t room = (int64_t)2 << p->columns;
    const double *restrict from = ket + offset(p, q, columns);
    if (2 * columns == room)
        for (int k = 0; k < CHUNK; k++)
            x[k] = from[k];
    else
        for (int64_t k = 0; k < CHUNK / room; k++)
            for (int64_t c = 0; c < 2 * width; c++)
                x[k * room + c] = from[2 * k * columns + c];
}

/* Writes or adds chunk q of a tile, which is in two sums, to the kets. */
static void scatter(const pass *p, const double *restrict y, double *ket, int64_t q, int64_t columns, int64_t width) {
    int64_t room = (int64_t)2 << p->columns;
    double *to = ket + offset(p, q, columns);
    if (2 * columns != room)
        for (int64_t k = 0; k < CHUNK; k += room, to += 2 * columns)
            for (int64_t c = 0; c < 2 * width; c++)
                to[c] = y[k + c] + y[k + c + CHUNK] + (p->fresh ? 0.0 : to[c]);
    else if (p->fresh)
        for (int k = 0; k < CHUNK; k++)
            to[k] = y[k] + y[k + CHUNK];
    else
        for (int k = 0; k < CHUNK; k++)
            to[k] += y[k] + y[k + CHUNK];
}

/* Doubles of work space that a pass needs. */
int64_t qllg_action_space(const pass *p) {
    int64_t space = ((int64_t)1 << p->tile) + 2 * CHUNK + LINE;
    for (int64_t k = 0; k < p->sets; k++)
        space += room(p, k);
    return space;
}

/* Tiles first..end of a pass, on `width` of the `columns` kets of v (2^n, columns), from the first of the given. */
void qllg_action_pass(const pass *p, const double *v, double *out, int64_t columns, int64_t width, int64_t first,
                      int64_t end, double *space) {
    int64_t chunks = ((int64_t)1 << p->tile) / CHUNK;
    double *x = space + (LINE - ((uintptr_t)space / sizeof *space) % LINE) % LINE; /* vectors within lines */
    double *y = x + chunks * CHUNK, *kept = y + 2 * CHUNK;
    memset(x, 0, (size_t)chunks * CHUNK * sizeof *x); /* there may be room that no ket fills */
    for (int64_t t = first; t < end; t++) {
        double *s = kept;
        for (int64_t k = 0; k < p->sets; s += room(p, k++))
            if (t == first || p->set[6 * k + 4])
                prepare(p, k, (uint64_t)t, s);
        const double *from = v + 2 * columns * place(p, t ^ p->shift);
        double *to = out + 2 * columns * place(p, t);
        for (int64_t q = 0; q < chunks; q++)
            gather(p, x + q * CHUNK, from, q, columns, width);
        for (int64_t q = 0; q < chunks; q++) {
            work(p, x, y, q, kept);
            scatter(p, y, to, q, columns, width);
        }
    }
}

/* total[j] = sum over k of c[j][k] T_k(x) ket for all j, x = factor (H - middle): Chebyshev's recursion, on all of the
   `columns` kets of `size` doubles together.  ring: three places; T_0 and T_1 are in the first two.  The c are complex. */
void qllg_chebyshev(const pass *const *passes, int64_t count, int64_t columns, int64_t size, double middle,
                    double factor, int64_t terms, int64_t sums, const double *c, double *ring, double *total,
                    double *space) {
    memset(total, 0, (size_t)(sums * size) * sizeof *total);
    for (int64_t k = 0; k < terms; k++) {
        double *restrict next = ring + k % 3 * size;
        const double *restrict now = ring + (k + 2) % 3 * size, *restrict before = ring + (k + 1) % 3 * size;
        if (k > 1) {
            for (int64_t i = 0; i < count; i++)
                qllg_action_pass(passes[i], now, next, columns, columns, 0, (int64_t)1 << passes[i]->outer, space);
            for (int64_t i = 0; i < size; i++)
                next[i] = 2 * factor * (next[i] - middle * now[i]) - before[i];
        }
        for (int64_t j = 0; j < sums; j++) {
            const double re = c[2 * (j * terms + k)], im = c[2 * (j * terms + k) + 1];
            double *restrict sum = total + j * size;
            for (int64_t i = 0; i < size; i += 2) {
                sum[i] += re * next[i] - im * next[i + 1];
                sum[i + 1] += re * next[i + 1] + im * next[i];
            }
        }
    }
}
