/* H/hbar on kets of spins 1/2 with a fixed number of spins down: out[i] = sum over strings of c (-1)^(z & i) v[i ^ x].

   The states ascend as numbers, so that those with the same upper bits lie side by side: a block, the lower bits of
   which are all numbers with as many ones as are left. Strings that flip upper bits alone add whole blocks; strings of
   lower bits alone are a sparse matrix for each number of ones, the same in all blocks, with rows of equal length side
   by side; the few others go through lists of pairs. A block stays in the first cache while all are added.

   Of strings that flip the same bits those with i are summed apart; i is multiplied once. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { CHUNK = 32, MOST = 512 }; /* doubles that are summed in registers; blocks that are added in one go */

typedef struct {
    int64_t low;              /* how many bits are lower ones */
    int64_t down;             /* ones of a state */
    int64_t flips, lists, signs; /* number of flips of upper bits, of lists, of diagonals that upper bits turn */
    const int64_t *upper;     /* the upper bits of each block */
    const int64_t *start;     /* (2^upper bits) the first state of the block of these upper bits */
    const int64_t *first;     /* (low + 2) the first of the lower states with so many ones among all lower states */
    const int64_t *flip;      /* (flips, 2) flips of upper bits, end of its strings */
    const int64_t *list;      /* (lists, 5) flips of upper bits, how many of all flipped bits are ones, flips of lower
                                 bits, the first of its `pairs`, end of its strings */
    const int64_t *sign;      /* (signs) end of its strings */
    const int64_t *string;    /* signs of upper bits, of flips, then lists, then signs; then the diagonal's own */
    const int64_t *pairs;     /* (all, ones of the lower bits + 1, low + 1) end of each list's pairs */
    const int32_t *pair;      /* to and from, lower states of a block */
    const double *turn;       /* the sign of each pair */
    const double *signed_;    /* (signs, lower states) +1 or -1 */
    const int64_t *begin[2];  /* (lower states + 1) entries of the rows of the real and the imaginary matrix */
    const int32_t *row[2];    /* (lower states) the row, in a block */
    const int32_t *column[2]; /* (entries) */
    const double *value[2];   /* (entries) */
    const double *diagonal;   /* (lower states) */
    const double *real, *imaginary; /* coefficients of the strings */
    int64_t own;              /* number of strings of the diagonal's own */
    int64_t complex_;         /* whether anything is imaginary */
} sector;

typedef struct {
    const double *from;
    double f;
} addend;

static int ones(uint64_t x) {
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    return (int)(((x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu) * 0x0101010101010101u >> 56);
}

/* The sum of the coefficients of some strings, with their signs. */
static double summed(const sector *s, const double *c, int64_t first, int64_t end, uint64_t upper) {
    double sum = 0.0;
    for (int64_t k = first; k < end; k++)
        sum += ones((uint64_t)s->string[k] & upper) & 1 ? -c[k] : c[k];
    return sum;
}

/* y = sum of f x over some blocks of so many doubles. */
static void blocks(double *restrict y, const addend *list, int64_t count, int64_t size) {
    int64_t b = 0;
    for (; b + CHUNK <= size; b += CHUNK) {
        double sum[CHUNK] = {0};
        for (int64_t e = 0; e < count; e++) {
            const double *x = list[e].from + b, f = list[e].f;
            for (int k = 0; k < CHUNK; k++)
                sum[k] += f * x[k];
        }
        for (int k = 0; k < CHUNK; k++)
            y[b + k] = sum[k];
    }
    for (; b < size; b++) {
        double sum = 0.0;
        for (int64_t e = 0; e < count; e++)
            sum += list[e].f * list[e].from[b];
        y[b] = sum;
    }
}

/* y += (matrix + diagonal) x, on so many doubles side by side. */
static inline void lower(const sector *s, int part, int64_t first, int64_t end, const double *diagonal,
                         const double *restrict x, double *restrict y, int64_t width) {
    const int32_t *restrict column = s->column[part];
    const double *restrict value = s->value[part];
    for (int64_t r = first; r < end; r++) {
        const int64_t row = s->row[part][r], stop = s->begin[part][r + 1];
        for (int64_t c = 0; c < width; c += 2) {
            double re = y[row * width + c], im = y[row * width + c + 1];
            if (diagonal) {
                re += diagonal[row] * x[row * width + c];
                im += diagonal[row] * x[row * width + c + 1];
            }
            for (int64_t e = s->begin[part][r]; e < stop; e++) {
                re += value[e] * x[column[e] * width + c];
                im += value[e] * x[column[e] * width + c + 1];
            }
            y[row * width + c] = re;
            y[row * width + c + 1] = im;
        }
    }
}

/* y[to] += f turn x[from] over some pairs. */
static inline void pairs(const sector *s, int64_t first, int64_t end, double f, const double *restrict x,
                         double *restrict y, int64_t width) {
    for (int64_t k = first; k < end; k++) {
        double *restrict to = y + s->pair[2 * k] * width;
        const double *restrict from = x + s->pair[2 * k + 1] * width, g = f * s->turn[k];
        for (int64_t c = 0; c < width; c += 2) {
            to[c] += g * from[c];
            to[c + 1] += g * from[c + 1];
        }
    }
}

/* The strings that flip upper bits alone, real or imaginary; all blocks together, or as many as there is room for. */
static void upper_flips(const sector *s, const double *c, uint64_t upper, const double *v, double *y, int64_t size,
                        int64_t width, double *more) {
    addend list[MOST];
    int64_t count = 0, first = 0, used = 0;
    for (int64_t o = 0; o < s->flips; first = s->flip[2 * o + 1], o++) {
        const uint64_t flip = (uint64_t)s->flip[2 * o];
        double f;
        if (2 * ones(upper & flip) != ones(flip) || (f = summed(s, c, first, s->flip[2 * o + 1], upper)) == 0.0)
            continue;
        list[count++] = (addend){v + s->start[upper ^ flip] * width, f};
        if (count == MOST) {
            blocks(used ? more : y, list, count, size);
            for (int64_t k = 0; used && k < size; k++)
                y[k] += more[k];
            count = 0, used = 1;
        }
    }
    if (!used)
        blocks(y, list, count, size);
    else if (count) {
        blocks(more, list, count, size);
        for (int64_t k = 0; k < size; k++)
            y[k] += more[k];
    }
}

/* The strings that flip or turn both upper and lower bits. */
static inline void both(const sector *s, const double *c, uint64_t upper, int64_t n, const double *v, double *y,
                        int64_t width) {
    int64_t first = s->flips ? s->flip[2 * s->flips - 1] : 0;
    for (int64_t o = 0; o < s->lists; first = s->list[5 * o + 4], o++) {
        const int64_t *list = s->list + 5 * o;
        const uint64_t flip = (uint64_t)list[0];
        const int64_t inside = list[1] - ones(upper & flip);
        double f;
        if (inside < 0 || inside > list[2] || (f = summed(s, c, first, list[4], upper)) == 0.0)
            continue;
        const int64_t *end = s->pairs + list[3] + inside * (s->low + 1) + n;
        pairs(s, end[-1], *end, f, v + s->start[upper ^ flip] * width, y, width);
    }
}

/* The diagonal of a block. */
static void diagonal(const sector *s, uint64_t upper, int64_t n, double *d) {
    const int64_t count = s->first[n + 1] - s->first[n], all = s->first[s->low + 1];
    int64_t k = s->lists ? s->list[5 * s->lists - 1] : s->flips ? s->flip[2 * s->flips - 1] : 0;
    int64_t last = s->signs ? s->sign[s->signs - 1] : k;
    const double own = summed(s, s->real, last, last + s->own, upper);
    for (int64_t j = 0; j < count; j++)
        d[j] = s->diagonal[s->first[n] + j] + own;
    for (int64_t o = 0; o < s->signs; k = s->sign[o], o++) {
        const double f = summed(s, s->real, k, s->sign[o], upper);
        const double *restrict turn = s->signed_ + o * all + s->first[n];
        for (int64_t j = 0; j < count; j++)
            d[j] += f * turn[j];
    }
}

static inline void block(const sector *s, uint64_t upper, const double *v, double *out, int64_t width, double *space) {
    const int64_t n = s->down - ones(upper), first = s->first[n], count = s->first[n + 1] - first;
    const int64_t size = count * width, at = s->start[upper] * width;
    double *y = out + at, *imaginary = space + size, *d = imaginary + size;
    diagonal(s, upper, n, d);
    upper_flips(s, s->real, upper, v, y, size, width, space);
    lower(s, 0, first, first + count, d, v + at, y, width);
    both(s, s->real, upper, n, v, y, width);
    if (!s->complex_)
        return;
    upper_flips(s, s->imaginary, upper, v, imaginary, size, width, space);
    lower(s, 1, first, first + count, NULL, v + at, imaginary, width);
    both(s, s->imaginary, upper, n, v, imaginary, width);
    for (int64_t k = 0; k < size; k += 2) {
        y[k] -= imaginary[k + 1];
        y[k + 1] += imaginary[k];
    }
}

/* y = factor (y - middle x) of a block, or twice that less what was before. */
static void affine(double *restrict y, const double *restrict x, const double *restrict before, int64_t size,
                   double factor, double middle) {
    if (before)
        for (int64_t k = 0; k < size; k++)
            y[k] = 2 * factor * (y[k] - middle * x[k]) - before[k];
    else
        for (int64_t k = 0; k < size; k++)
            y[k] = factor * (y[k] - middle * x[k]);
}

/* Blocks begin..end of factor (H - middle) on all `columns` kets of v (d, columns), or of twice that less what was
   before; space: 2 width + 1 times a block's states. */
void qllg_sector_apply(const sector *s, const double *v, double *out, int64_t columns, int64_t begin, int64_t end,
                       double factor, double middle, const double *before, double *space) {
    for (int64_t b = begin; b < end; b++) {
        const uint64_t upper = (uint64_t)s->upper[b];
        const int64_t n = s->down - ones(upper), at = 2 * columns * s->start[upper];
        if (columns == 1)
            block(s, upper, v, out, 2, space);
        else
            block(s, upper, v, out, 2 * columns, space);
        if (before || factor != 1.0 || middle != 0.0)
            affine(out + at, v + at, before ? before + at : NULL, 2 * columns * (s->first[n + 1] - s->first[n]), factor,
                   middle);
    }
}
