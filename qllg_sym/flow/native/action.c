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

/* Vectors of the processor's own width, AVX-512 or AVX2; else, or where PLAIN is defined, what the compiler makes of
   loops over eight. This text is compiled where it runs. */
#if (defined(__clang__) || __GNUC__ >= 12) && !defined(PLAIN) && (defined(__AVX512F__) || defined(__AVX2__))
#define VECTORS 1
#if defined(__AVX512F__) && !defined(AVX2)
enum { LANES = 8 };
#define WIDE 1
#else
enum { LANES = 4 };
#define WIDE 0
#endif
#else
#define VECTORS 0
enum { LANES = 8 };
#endif
enum { CHUNK = 64, LINE = 8 }; /* doubles in a chunk, a line of the cache */
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

typedef struct {
    int64_t tables, first, mask; /* as of the set: whether tables, the lowest bit that f depends on, and such bits */
    int64_t count, stride;       /* operations of tables; from one setting, or from one table, to the next */
    const int64_t *operation;
    const double *space;         /* its lists or tables */
} ready;

static int odd(uint64_t x) {
    x ^= x >> 32;
    x ^= x >> 16;
    x ^= x >> 8;
    x ^= x >> 4;
    return (int)((0x6996u >> (x & 15u)) & 1u);
}

/* The place of the numbers of a set for chunk q. */
static const double *numbers(const ready *set, int64_t q) {
    const int64_t setting = q >> set->first & set->mask;
    return set->space + setting * (set->tables ? CHUNK : set->stride);
}

#if VECTORS
typedef double vector __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double)), may_alias));
enum { HELD = 8, PART = HELD * LANES }; /* sums in registers, and the doubles that they are */

#define LOAD(from) (*(const vector *)(from))
#define ALL(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7)

/* Tables are loaded in the case that uses them; gcc would load them before the switch, for all cases, and spill. */
#define HERE(f) __asm__("" : "+r"(f));

/* A vector whose amplitudes, pairs of doubles, are flipped. */
#define FLIP0(v) (v)
#if WIDE
#define FLIP1(v) __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5)
#define FLIP2(v) __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3)
#define FLIP3(v) __builtin_shufflevector(v, v, 6, 7, 4, 5, 2, 3, 0, 1)
#define FLIPS FLIP(0) FLIP(1) FLIP(2) FLIP(3)
#else
#define FLIP1(v) __builtin_shufflevector(v, v, 2, 3, 0, 1)
#define FLIPS FLIP(0) FLIP(1)
#endif
#define BEGIN(r) vector s##r = begun ? LOAD(y + part + LANES * (r)) : (vector){0};
#define END(r) *(vector *)(y + part + LANES * (r)) = s##r;
#define ADD(r) s##r += f * LOAD(from + LANES * (r));
#define TERM(r, R) s##r += LOAD(f + LANES * (r)) * v[(r) ^ (R)];
#define CASE(R)                                                                                                        \
    case R:                                                                                                            \
        HERE(f)                                                                                                        \
        TERM(0, R) TERM(1, R) TERM(2, R) TERM(3, R) TERM(4, R) TERM(5, R) TERM(6, R) TERM(7, R)                        \
        break;
/* Where an operation's vectors come from, and how they are flipped: they stay in registers for all that agree. */
#define SOURCE(operation) ((operation)[0] * CHUNK ^ ((operation)[1] & (CHUNK - PART + LANES - 1)))
#define FLIP(L)                                                                                                        \
    case L:                                                                                                            \
        for (int r = 0; r < HELD; r++)                                                                                 \
            v[r] = FLIP##L(LOAD(from + LANES * r));                                                                    \
        break;

/* Some sets on chunk q of x, added to y or written there: the sums stay in registers. */
static void sums(double *y, int begun, const double *x, int64_t q, const ready *set, const ready *end) {
    for (int64_t part = 0; part < CHUNK; part += PART) {
        ALL(BEGIN)
        for (const ready *k = set; k < end; k++)
            if (!k->tables) {
                for (const entry *e = (const entry *)(const void *)numbers(k, q); e->flip >= 0; e++) {
                    const double *from = x + (q ^ e->flip) * CHUNK + part, f = e->f;
                    ALL(ADD)
                }
            } else {
                const double *f = numbers(k, q) + part;
                const int64_t *operation = k->operation;
                for (int64_t o = 0; o < k->count;) {
                    const int64_t source = SOURCE(operation);
                    const double *from = x + ((q * CHUNK + part) ^ (source & -LANES));
                    vector v[HELD];
                    switch ((source & (LANES - 1)) >> 1) { FLIPS }
                    do {
                        switch ((operation[1] & (PART - 1)) / LANES) { ALL(CASE) }
                        f += k->stride, operation += 3;
                    } while (++o < k->count && SOURCE(operation) == source);
                }
            }
        ALL(END)
    }
}
#else
/* y += f x[q ^ flip] for all entries of a list, which ends with a negative flip. */
static void uniform(double *y, const double *x, int64_t q, const entry *list) {
    double sum[CHUNK];
    for (int k = 0; k < CHUNK; k++)
        sum[k] = y[k];
    for (; list->flip >= 0; list++) {
        const double *from = x + (q ^ list->flip) * CHUNK, f = list->f;
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

/* Some sets on chunk q of x, added to y or written there. */
static void sums(double *y, int begun, const double *x, int64_t q, const ready *set, const ready *end) {
    if (!begun)
        memset(y, 0, CHUNK * sizeof *y);
    for (; set < end; set++) {
        const double *f = numbers(set, q);
        if (!set->tables)
            uniform(y, x, q, (const entry *)(const void *)f);
        for (int64_t o = 0; set->tables && o < set->count; o++)
            tabulated(y, x + (q ^ set->operation[3 * o]) * CHUNK, f + o * set->stride, set->operation[3 * o + 1]);
    }
}
#endif

/* y becomes i y. */
static void turned(double *y) {
    for (int k = 0; k < CHUNK; k += 2) {
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

/* What `sums` reads of every set; returns how many are imaginary. They come first. */
static int64_t readied(const pass *p, ready *sets, const double *space) {
    int64_t imaginary = 0;
    for (int64_t k = 0; k < p->sets; space += room(p, k++)) {
        const int64_t *set = p->set + 6 * k, first = begin(p->set, 6, k), count = set[5] - first;
        sets[k] = (ready){set[1], set[2], ((int64_t)1 << set[3]) - 1, count,
                          set[1] ? (int64_t)CHUNK << set[3] : 2 * (count + 1), p->operation + 3 * first, space};
        imaginary += set[0];
    }
    return imaginary;
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

/* Writes or adds chunk q of a tile to the kets. */
static void scatter(const pass *p, const double *restrict y, double *ket, int64_t q, int64_t columns, int64_t width) {
    int64_t room = (int64_t)2 << p->columns;
    double *to = ket + offset(p, q, columns);
    if (2 * columns != room)
        for (int64_t k = 0; k < CHUNK; k += room, to += 2 * columns)
            for (int64_t c = 0; c < 2 * width; c++)
                to[c] = y[k + c] + (p->fresh ? 0.0 : to[c]);
    else
        for (int k = 0; k < CHUNK; k++)
            to[k] = y[k] + (p->fresh ? 0.0 : to[k]);
}

/* Doubles of work space that a pass needs. */
int64_t qllg_action_space(const pass *p) {
    int64_t space = ((int64_t)1 << p->tile) + CHUNK + LINE + p->sets * (int64_t)(sizeof(ready) / sizeof(double) + 1);
    for (int64_t k = 0; k < p->sets; k++)
        space += room(p, k);
    return space;
}

/* Tiles first..end of a pass, on `width` of the `columns` kets of v (2^n, columns), from the first of the given. */
void qllg_action_pass(const pass *p, const double *v, double *out, int64_t columns, int64_t width, int64_t first,
                      int64_t end, double *space) {
    int64_t chunks = ((int64_t)1 << p->tile) / CHUNK;
    double *x = space + (LINE - ((uintptr_t)space / sizeof *space) % LINE) % LINE; /* vectors within lines */
    double *y = x + chunks * CHUNK, *kept = y + CHUNK;
    ready *sets = (ready *)(void *)(space + qllg_action_space(p) - p->sets * (int64_t)(sizeof *sets / sizeof *space + 1));
    const ready *real = sets + readied(p, sets, kept), *last = sets + p->sets;
    const int whole = columns == (int64_t)1 << p->columns && real == sets;
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
        for (int64_t q = 0; q < chunks; q++)
            if (whole) {
                sums(to + offset(p, q, columns), !p->fresh, x, q, sets, last);
            } else {
                sums(y, 0, x, q, sets, real);
                if (real > sets)
                    turned(y);
                sums(y, real > sets, x, q, real, last);
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
