/* H/hbar on kets of spins 1/2 without a matrix: out[i] = sum over strings of c (-1)^(z & i) v[i ^ x].

   A pass takes the strings whose flips x lie in few bits. It gathers a tile: every amplitude that these bits reach,
   real and imaginary parts apart; several kets side by side are further low bits, which nothing flips. A tile is
   worked on block by block: a block stays in the first cache, a tile in the second, and the ket streams through memory
   once a pass.

   Strings with equal x are one operation y[i] += f(i) v[i ^ x], f(i) = sum of c (-1)^(z & i). Bits outside the block
   only change signs. The lowest three bits number the lanes of a vector. Where what is left of x and every z lies in
   these and in at most four more bits, f is sixteen times eight numbers, else a table. Both are Walsh-Hadamard
   transforms of the coefficients. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { LANES = 8, FACTORS = 2 * 16 * LANES };
enum { PADDING = 24 }; /* doubles between arrays, so that they do not fall on the same lines of the cache */

typedef struct {
    int64_t run;               /* log2 of the amplitudes side by side in the ket */
    int64_t columns;           /* log2 of the room for kets side by side */
    int64_t block, tile;       /* log2 of the doubles in a block, in a tile */
    int64_t outer;             /* log2 of the number of tiles */
    int64_t shift;             /* flips outside the tile, as the number of a tile */
    int64_t fresh;             /* whether the result is written, or else added to what is there */
    int64_t operations;        /* number of operations */
    const int64_t *rows;       /* (2^(tile - columns - run)) place of each run of a tile in the ket */
    const int64_t *bits;       /* (outer) place of each bit of a tile's number */
    const int64_t *operation;  /* (operations, 6) flips of blocks, flips in a block, end of its strings, kind; the bits
                                  above the lanes that f depends on or x flips; whether f differs from block to block */
    const int64_t *string;     /* (strings, 3) z in a block, z outside it, whether the coefficient is imaginary; of z
                                  only the bits that number the factors, drawn together, unless f is a table */
    const double *coefficient; /* (strings) */
} pass;

enum { UNIFORM, LANEWISE, TABLE }; /* kinds: f the same in all lanes; different and perhaps flipped; a table */

typedef struct {
    double *re, *im;
} parts;

static int odd(uint64_t x) {
    x ^= x >> 32;
    x ^= x >> 16;
    x ^= x >> 8;
    x ^= x >> 4;
    return (int)((0x6996u >> (x & 15u)) & 1u);
}

static int64_t lowest(int64_t x) { return x & -x; }

/* y[k] += f[k & 7] x[k ^ lane] for k < n; f is re + i im, or re alone. */
static inline void lanewise(double *restrict yr, double *restrict yi, const double *restrict xr,
                            const double *restrict xi, const double *restrict re, const double *restrict im, int64_t n,
                            int lane) {
    if (!im)
        for (int64_t b = 0; b < n; b += LANES)
            for (int k = 0; k < LANES; k++) {
                yr[b + k] += re[k] * xr[b + (k ^ lane)];
                yi[b + k] += re[k] * xi[b + (k ^ lane)];
            }
    else
        for (int64_t b = 0; b < n; b += LANES)
            for (int k = 0; k < LANES; k++) {
                yr[b + k] = yr[b + k] + re[k] * xr[b + (k ^ lane)] - im[k] * xi[b + (k ^ lane)];
                yi[b + k] = yi[b + k] + re[k] * xi[b + (k ^ lane)] + im[k] * xr[b + (k ^ lane)];
            }
}

/* y[k] += f x[k] for k < n. */
static inline void uniform(double *restrict yr, double *restrict yi, const double *restrict xr,
                           const double *restrict xi, double re, const double *im, int64_t n) {
    if (!im)
        for (int64_t k = 0; k < n; k++) {
            yr[k] += re * xr[k];
            yi[k] += re * xi[k];
        }
    else
        for (int64_t k = 0; k < n; k++) {
            yr[k] = yr[k] + re * xr[k] - *im * xi[k];
            yi[k] = yi[k] + re * xi[k] + *im * xr[k];
        }
}

static void run(double *yr, double *yi, const double *xr, const double *xi, const double *re, const double *im,
                int64_t n, int64_t kind, int lane) {
    if (kind == UNIFORM && n == LANES) /* the shortest runs: a length known beforehand is faster */
        uniform(yr, yi, xr, xi, *re, im, LANES);
    else if (kind == UNIFORM)
        uniform(yr, yi, xr, xi, *re, im, n);
    else
        switch (lane) {
        case 0: lanewise(yr, yi, xr, xi, re, im, n, 0); break;
        case 1: lanewise(yr, yi, xr, xi, re, im, n, 1); break;
        case 2: lanewise(yr, yi, xr, xi, re, im, n, 2); break;
        case 3: lanewise(yr, yi, xr, xi, re, im, n, 3); break;
        case 4: lanewise(yr, yi, xr, xi, re, im, n, 4); break;
        case 5: lanewise(yr, yi, xr, xi, re, im, n, 5); break;
        case 6: lanewise(yr, yi, xr, xi, re, im, n, 6); break;
        default: lanewise(yr, yi, xr, xi, re, im, n, 7);
        }
}

/* f[i] = sum over z of f[z] (-1)^(z & i). */
static inline void hadamard(double *f, int64_t size) {
    for (int64_t half = 1; half < size; half *= 2)
        for (int64_t b = 0; b < size; b += 2 * half)
            for (int64_t k = b; k < b + half; k++) {
                double sum = f[k] + f[k + half];
                f[k + half] = f[k] - f[k + half];
                f[k] = sum;
            }
}

/* The factors of an operation without a table: real ones, then imaginary ones, of each setting of its bits; a number
   each, or one for each lane. Returns how many they are. */
static int64_t factors(const pass *p, const int64_t *operation, int64_t first, uint64_t far, double *f) {
    int64_t lanes = operation[3] == LANEWISE ? LANES : 1, size = lanes;
    for (int64_t b = operation[4]; b; b &= b - 1)
        size *= 2;
    memset(f, 0, (size_t)(2 * size) * sizeof *f);
    for (int64_t s = first; s < operation[2]; s++) {
        const int64_t *z = p->string + 3 * s;
        f[(z[2] ? size : 0) + z[0]] += odd((uint64_t)z[1] & far) ? -p->coefficient[s] : p->coefficient[s];
    }
    hadamard(f, size);
    hadamard(f + size, size);
    return 2 * size;
}

static int zero(const double *f, int64_t n) {
    for (int64_t k = 0; k < n; k++)
        if (f[k] != 0.0)
            return 0;
    return 1;
}

/* An operation with few factors, half of them real and half imaginary. */
static void flip(parts y, parts x, const pass *p, const int64_t *operation, const double *f, int64_t count) {
    int64_t n = (int64_t)1 << p->block, kind = operation[3], bits = operation[4];
    int64_t low = bits ? lowest(bits) : n, other = bits | (low - 1), above = operation[1] & bits;
    int64_t lanes = kind == LANEWISE ? LANES : 1, settings = count / 2 / lanes;
    int lane = (int)(operation[1] & (LANES - 1));
    for (int64_t q = 0, to = 0; q < settings; q++, to = (to - bits) & bits) {
        const double *re = f + q * lanes, *im = re + count / 2;
        if (zero(im, lanes))
            im = NULL;
        if (!im && zero(re, lanes))
            continue;
        int64_t from = to ^ above;
        for (int64_t b = 0; b < n; b = ((b | other) + 1) & ~other)
            run(y.re + b + to, y.im + b + to, x.re + b + from, x.im + b + from, re, im, low, kind, lane);
    }
}

/* The same for a table, of which only vectors of lanes marked as used are not zero. */
static void transform(double *f, unsigned char *used, int64_t size) {
    for (int64_t b = 0; b < size / LANES; b++)
        if (used[b])
            hadamard(f + b * LANES, LANES);
    for (int64_t half = LANES; half < size; half *= 2)
        for (int64_t b = 0; b < size / half / 2; b++) {
            used[b] = used[2 * b] | used[2 * b + 1];
            double *restrict low = f + 2 * b * half, *restrict high = low + half;
            for (int64_t k = 0; used[b] && k < half; k++) {
                double sum = low[k] + high[k];
                high[k] = low[k] - high[k];
                low[k] = sum;
            }
        }
}

/* The real or imaginary factors of an operation whose f is a table; returns whether there are any. */
static int tabulate(const pass *p, const int64_t *operation, int64_t first, uint64_t far, int imaginary, double *f,
                    unsigned char *used) {
    int64_t size = (int64_t)1 << p->block;
    int any = 0;
    for (int64_t s = first; s < operation[2]; s++) {
        const int64_t *z = p->string + 3 * s;
        if (z[2] != imaginary)
            continue;
        if (!any) {
            memset(f, 0, (size_t)size * sizeof *f);
            memset(used, 0, (size_t)size / LANES);
        }
        any = 1;
        f[z[0]] += odd((uint64_t)z[1] & far) ? -p->coefficient[s] : p->coefficient[s];
        used[z[0] / LANES] = 1;
    }
    if (any)
        transform(f, used, size);
    return any;
}

/* y += f(i) x[i ^ flips], or y += i f(i) x[i ^ flips]. */
static void multiplied(parts y, parts x, const double *f, int imaginary, int64_t size, int64_t flips) {
    int64_t length = flips ? lowest(flips) : size;
    for (int64_t b = 0; b < size; b += length) {
        const double *restrict g = f + b, *restrict xr = x.re + (b ^ flips), *restrict xi = x.im + (b ^ flips);
        double *restrict yr = y.re + b, *restrict yi = y.im + b;
        if (imaginary)
            for (int64_t k = 0; k < length; k++) {
                yr[k] -= g[k] * xi[k];
                yi[k] += g[k] * xr[k];
            }
        else
            for (int64_t k = 0; k < length; k++) {
                yr[k] += g[k] * xr[k];
                yi[k] += g[k] * xi[k];
            }
    }
}

static int64_t place(const pass *p, int64_t tile) {
    int64_t base = 0;
    for (int64_t k = 0; k < p->outer; k++)
        base += (tile >> k & 1) << p->bits[k];
    return base;
}

/* From `width` of the `columns` kets, interleaved, to parts: rows of a tile. */
static void gather(const pass *p, parts x, const double *ket, int64_t rows, int64_t columns, int64_t width) {
    int64_t length = (int64_t)1 << p->run;
    for (int64_t a = 0; a < rows; a++) {
        const double *restrict from = ket + 2 * columns * p->rows[a];
        double *restrict re = x.re + (a << (p->run + p->columns)), *restrict im = x.im + (a << (p->run + p->columns));
        if (columns == 1 && p->columns == 0)
            for (int64_t k = 0; k < length; k++) {
                re[k] = from[2 * k];
                im[k] = from[2 * k + 1];
            }
        else
            for (int64_t k = 0; k < length; k++)
                for (int64_t c = 0; c < width; c++) {
                    re[(k << p->columns) + c] = from[2 * (k * columns + c)];
                    im[(k << p->columns) + c] = from[2 * (k * columns + c) + 1];
                }
    }
}

/* And back, written or added. */
static void scatter(const pass *p, parts y, double *ket, int64_t row, int64_t rows, int64_t columns, int64_t width) {
    int64_t length = (int64_t)1 << p->run;
    for (int64_t a = 0; a < rows; a++) {
        double *restrict to = ket + 2 * columns * p->rows[row + a];
        const double *restrict re = y.re + (a << (p->run + p->columns));
        const double *restrict im = y.im + (a << (p->run + p->columns));
        if (columns == 1 && p->columns == 0 && p->fresh)
            for (int64_t k = 0; k < length; k++) {
                to[2 * k] = re[k];
                to[2 * k + 1] = im[k];
            }
        else if (columns == 1 && p->columns == 0)
            for (int64_t k = 0; k < length; k++) {
                to[2 * k] += re[k];
                to[2 * k + 1] += im[k];
            }
        else
            for (int64_t k = 0; k < length; k++)
                for (int64_t c = 0; c < width; c++) {
                    double *pair = to + 2 * (k * columns + c);
                    int64_t i = (k << p->columns) + c;
                    pair[0] = p->fresh ? re[i] : pair[0] + re[i];
                    pair[1] = p->fresh ? im[i] : pair[1] + im[i];
                }
    }
}

/* Doubles that the factors of an operation take where they are kept: how many they are, and they themselves; real and
   imaginary ones of a table, each behind whether there are any. */
static int64_t room(const pass *p, int64_t kind) {
    return kind == TABLE ? 2 + 2 * ((int64_t)1 << p->block) : 1 + FACTORS;
}

/* Keeps the factors that are the same for every block. */
static void keep(const pass *p, double *kept, unsigned char *used) {
    int64_t block = (int64_t)1 << p->block;
    for (int64_t k = 0, first = 0; k < p->operations; first = p->operation[6 * k + 2], k++) {
        const int64_t *operation = p->operation + 6 * k;
        if (operation[5])
            continue;
        if (operation[3] == TABLE)
            for (int imaginary = 0; imaginary < 2; imaginary++) {
                double *f = kept + imaginary * (1 + block);
                *f = tabulate(p, operation, first, 0, imaginary, f + 1, used);
            }
        else
            *kept = (double)factors(p, operation, first, 0, kept + 1);
        kept += room(p, operation[3]);
    }
}

/* Doubles of work space that a pass needs. */
int64_t qllg_action_space(const pass *p) {
    int64_t block = (int64_t)1 << p->block, tile = (int64_t)1 << p->tile;
    int64_t space = 2 * (tile + PADDING) + 2 * (block + PADDING) + room(p, TABLE) + block / LANES + PADDING;
    for (int64_t k = 0; k < p->operations; k++)
        space += room(p, p->operation[6 * k + 3]);
    return space;
}

/* All operations of a pass on one block; `kept` holds the factors that are the same for every block. */
static void work(const pass *p, parts x, parts y, int64_t b, int64_t tile, double *f, unsigned char *used,
                 const double *kept) {
    int64_t block = (int64_t)1 << p->block;
    uint64_t far = (uint64_t)(b + (tile << (p->tile - p->block)));
    memset(y.re, 0, (size_t)block * sizeof *y.re);
    memset(y.im, 0, (size_t)block * sizeof *y.im);
    for (int64_t k = 0, first = 0; k < p->operations; first = p->operation[6 * k + 2], k++) {
        const int64_t *operation = p->operation + 6 * k;
        int64_t from = (b ^ operation[0]) * block;
        parts source = {x.re + from, x.im + from};
        const double *factor = operation[5] ? f : kept;
        if (operation[3] == TABLE)
            for (int imaginary = 0; imaginary < 2; imaginary++) {
                const double *g = factor + imaginary * (1 + block);
                if (operation[5] ? tabulate(p, operation, first, far, imaginary, f + (g - f) + 1, used) : *g != 0.0)
                    multiplied(y, source, g + 1, imaginary, block, operation[1]);
            }
        else
            flip(y, source, p, operation, factor + 1,
                 operation[5] ? factors(p, operation, first, far, f + 1) : (int64_t)*kept);
        if (!operation[5])
            kept += room(p, operation[3]);
    }
}

/* Tiles begin..end of a pass, on `width` of the `columns` kets of v (2^n, columns), from the first of the given. */
void qllg_action_pass(const pass *p, const double *v, double *out, int64_t columns, int64_t width, int64_t begin,
                      int64_t end, double *space) {
    int64_t block = (int64_t)1 << p->block, tile = (int64_t)1 << p->tile;
    int64_t blocks = tile / block, rows = block >> (p->run + p->columns);
    parts x = {space, space + tile + PADDING};
    parts y = {x.im + tile + PADDING, x.im + tile + block + 2 * PADDING};
    double *f = y.im + block + PADDING, *kept = f + room(p, TABLE) + block / LANES;
    unsigned char *used = (unsigned char *)(f + room(p, TABLE));
    if (width < (int64_t)1 << p->columns) /* room that no ket fills */
        memset(space, 0, (size_t)(2 * (tile + PADDING)) * sizeof *space);
    keep(p, kept, used);
    for (int64_t t = begin; t < end; t++) {
        gather(p, x, v + 2 * columns * place(p, t ^ p->shift), blocks * rows, columns, width);
        for (int64_t b = 0; b < blocks; b++) {
            work(p, x, y, b, t, f, used, kept);
            scatter(p, y, out + 2 * columns * place(p, t), b * rows, rows, columns, width);
        }
    }
}
