/* Few kets U under invariant noise, as `motions/kets.py` has them: all of a step but H times kets; normals.c stands above.

   A ket is `long` real parts and as many imaginary ones, d of them and zeros up to whole vectors; kets and columns of a
   trajectory lie one after the other. What a generator does to [U, columns] is a small matrix, (n, n). */

#define MOST 8                           /* kets */
#define SMALL (3 * MOST)

typedef struct {
    int64_t count, d, row, kets;         /* trajectories; entries of a ket, and with what pads it; r */
    int64_t pairs;                       /* of kets whose levels differ */
    const int64_t *upper;                /* j < k of each pair, (2, pairs) */
    const double *inner, *outer;         /* -i W between kets, [re, im] (2, r, r), and to the rest, (2, r) */
    const double *sizes, *outer_sizes;   /* of the noise times sqrt(length), (pairs) and (r) */
    double *u, *image, *half, *across;   /* kets, H/hbar of some, kets nearby, their columns outside: (count, r, 2, row) */
    double *room;                        /* 3 r kets and twice the variates, at a multiple of 64 bytes */
    stream numbers;
} kets_run;

typedef struct {
    double re[SMALL][SMALL], im[SMALL][SMALL];
} small;

/* <a|b> */
static inline void overlap(int64_t row, const double *a, const double *b, double *re, double *im)
{
    const vec *p = (const vec *)a, *q = (const vec *)(a + row), *x = (const vec *)b, *y = (const vec *)(b + row);
    vec s = {0}, t = {0};
    for (int64_t i = 0; i < row / 8; i++) {
        s += p[i] * x[i];
        s += q[i] * y[i];
        t += p[i] * y[i];
        t -= q[i] * x[i];
    }
    *re = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
    *im = ((t[0] + t[1]) + (t[2] + t[3])) + ((t[4] + t[5]) + (t[6] + t[7]));
}

/* b += (re + i im) a */
static inline void add(int64_t row, double re, double im, const double *a, double *b)
{
    const vec *p = (const vec *)a, *q = (const vec *)(a + row);
    vec *x = (vec *)b, *y = (vec *)(b + row);
    for (int64_t i = 0; i < row / 8; i++) {
        const vec s = p[i], t = q[i];
        x[i] += re * s - im * t;
        y[i] += re * t + im * s;
    }
}

/* All <a_j|b_k> of some kets. */
static void overlaps(int64_t row, int64_t n, const double *a, int64_t m, const double *b, small *out)
{
    for (int64_t j = 0; j < n; j++) {
        for (int64_t k = 0; k < m; k++) {
            overlap(row, a + 2 * row * j, b + 2 * row * k, &out->re[j][k], &out->im[j][k]);
        }
    }
}

static void cleared(int64_t n, small *a)
{
    for (int64_t j = 0; j < n; j++) {
        memset(a->re[j], 0, (size_t)n * sizeof(double));
        memset(a->im[j], 0, (size_t)n * sizeof(double));
    }
}

/* out = factor a b */
static void product(int64_t n, double factor, const small *a, const small *b, small *out)
{
    for (int64_t i = 0; i < n; i++) {
        for (int64_t k = 0; k < n; k++) {
            double x = 0.0, y = 0.0;
            for (int64_t j = 0; j < n; j++) {
                x += a->re[i][j] * b->re[j][k] - a->im[i][j] * b->im[j][k];
                y += a->re[i][j] * b->im[j][k] + a->im[i][j] * b->re[j][k];
            }
            out->re[i][k] = factor * x;
            out->im[i][k] = factor * y;
        }
    }
}

/* a += factor b */
static void increase(int64_t n, double factor, const small *b, small *a)
{
    for (int64_t i = 0; i < n; i++) {
        for (int64_t k = 0; k < n; k++) {
            a->re[i][k] += factor * b->re[i][k];
            a->im[i][k] += factor * b->im[i][k];
        }
    }
}

/* out = [a, b] */
static void commutator(int64_t n, const small *a, const small *b, small *out)
{
    small back;
    product(n, 1.0, a, b, out);
    product(n, 1.0, b, a, &back);
    increase(n, -1.0, &back, out);
}

/* The first r columns of (1 - T/2 + T^2/12)^-1 (1 + T/2 + T^2/12), by elimination with pivots. */
static void exponential(int64_t n, int64_t r, const small *t, small *out)
{
    small m;
    product(n, 1.0 / 12.0, t, t, &m);
    for (int64_t i = 0; i < n; i++) {
        m.re[i][i] += 1.0;
    }
    cleared(n, out);
    increase(n, 1.0, &m, out);
    increase(n, 0.5, t, out);
    increase(n, -0.5, t, &m);
    for (int64_t k = 0; k < n; k++) {
        int64_t pivot = k;
        double best = -1.0;
        for (int64_t i = k; i < n; i++) {
            const double s = m.re[i][k] * m.re[i][k] + m.im[i][k] * m.im[i][k];
            if (s > best) {
                best = s;
                pivot = i;
            }
        }
        for (int64_t j = 0; j < n; j++) {
            const double a = m.re[k][j], b = m.im[k][j], p = out->re[k][j], q = out->im[k][j];
            m.re[k][j] = m.re[pivot][j];
            m.im[k][j] = m.im[pivot][j];
            m.re[pivot][j] = a;
            m.im[pivot][j] = b;
            out->re[k][j] = out->re[pivot][j];
            out->im[k][j] = out->im[pivot][j];
            out->re[pivot][j] = p;
            out->im[pivot][j] = q;
        }
        const double x = m.re[k][k] / best, y = -m.im[k][k] / best;
        for (int64_t i = 0; i < n; i++) {
            if (i == k) {
                continue;
            }
            const double a = m.re[i][k] * x - m.im[i][k] * y, b = m.re[i][k] * y + m.im[i][k] * x;
            for (int64_t j = k; j < n; j++) {
                m.re[i][j] -= a * m.re[k][j] - b * m.im[k][j];
                m.im[i][j] -= a * m.im[k][j] + b * m.re[k][j];
            }
            for (int64_t j = 0; j < r; j++) {
                out->re[i][j] -= a * out->re[k][j] - b * out->im[k][j];
                out->im[i][j] -= a * out->im[k][j] + b * out->re[k][j];
            }
        }
    }
    for (int64_t k = 0; k < n; k++) {
        const double p = m.re[k][k], q = m.im[k][k], size = p * p + q * q;
        for (int64_t j = 0; j < r; j++) {
            const double a = out->re[k][j], b = out->im[k][j];
            out->re[k][j] = (a * p + b * q) / size;
            out->im[k][j] = (b * p - a * q) / size;
        }
    }
}

/* U <- [U, columns] step, n - r columns; `room` for r kets. */
static void moved(const kets_run *s, int64_t n, const small *step, double *u, const double *columns, double *room)
{
    const int64_t row = s->row, r = s->kets;
    memset(room, 0, (size_t)(2 * row * r) * sizeof(double));
    for (int64_t k = 0; k < r; k++) {
        for (int64_t j = 0; j < n; j++) {
            const double *from = j < r ? u + 2 * row * j : columns + 2 * row * (j - r);
            add(row, step->re[j][k], step->im[j][k], from, room + 2 * row * k);
        }
    }
    memcpy(u, room, (size_t)(2 * row * r) * sizeof(double));
}

/* What a generator with the block A, its columns being number `place` of some, does to [U, columns]. */
static void in_span(int64_t r, int64_t n, int64_t place, const small *block, const small *grams, small *out)
{
    cleared(n, out);
    for (int64_t j = 0; j < r; j++) {
        for (int64_t k = 0; k < r; k++) {
            out->re[j][k] = block->re[j][k];
            out->im[j][k] = block->im[j][k];
        }
        for (int64_t k = 0; k < n - r; k++) {
            out->re[j][r + k] = -grams->re[place * r + j][k];
            out->im[j][r + k] = -grams->im[place * r + j][k];
        }
        out->re[(place + 1) * r + j][j] = 1.0;
    }
}

/* The block -i W o <kets|image>, and image <- -i w (image - rest <base|image>): a generator from H times kets. */
static void generator(const kets_run *s, double length, const double *kets, const double *base, const double *across,
    double *image, small *block)
{
    const int64_t row = s->row, r = s->kets;
    small out;
    overlaps(row, r, kets, r, image, block);
    overlaps(row, r, base, r, image, &out);
    for (int64_t k = 0; k < r; k++) {
        double *to = image + 2 * row * k;
        for (int64_t j = 0; j < r; j++) {
            add(row, -out.re[j][k], -out.im[j][k], base + 2 * row * j, to);
            if (across) {
                add(row, -out.re[j][k], -out.im[j][k], across + 2 * row * j, to);
            }
            const double a = length * s->inner[r * j + k], b = length * s->inner[r * (r + j) + k];
            const double x = block->re[j][k], y = block->im[j][k];
            block->re[j][k] = a * x - b * y;
            block->im[j][k] = a * y + b * x;
        }
        const double a = length * s->outer[k], b = length * s->outer[r + k];
        vec *x = (vec *)to, *y = (vec *)(to + row);
        for (int64_t i = 0; i < row / 8; i++) {
            const vec p = x[i], q = y[i];
            x[i] = a * p - b * q;
            y[i] = a * q + b * p;
        }
    }
}

/* The first half of a step without noise: kets nearby, moved by half a generator, and its columns. */
void qllg_kets_near(const kets_run *s, double length)
{
    const int64_t row = s->row, r = s->kets, size = 2 * row * r;
    for (int64_t m = 0; m < s->count; m++) {
        double *u = s->u + m * size, *image = s->image + m * size, *half = s->half + m * size, *c = s->across + m * size;
        small block;
        generator(s, 0.5 * length, u, u, 0, image, &block);
        memcpy(c, image, (size_t)size * sizeof(double));
        memcpy(half, u, (size_t)size * sizeof(double));
        for (int64_t k = 0; k < r; k++) {
            add(row, 1.0, 0.0, c + 2 * row * k, half + 2 * row * k);
            for (int64_t j = 0; j < r; j++) {
                add(row, block.re[j][k], block.im[j][k], u + 2 * row * j, half + 2 * row * k);
            }
        }
    }
}

/* The other half: kets moved by the generator at those nearby. */
void qllg_kets_move(const kets_run *s, double length)
{
    const int64_t row = s->row, r = s->kets, size = 2 * row * r;
    for (int64_t m = 0; m < s->count; m++) {
        double *u = s->u + m * size, *image = s->image + m * size;
        small block, grams, t, step;
        generator(s, length, s->half + m * size, u, s->across + m * size, image, &block);
        overlaps(row, r, image, r, image, &grams);
        in_span(r, 2 * r, 0, &block, &grams, &t);
        exponential(2 * r, r, &t, &step);
        moved(s, 2 * r, &step, u, image, s->room);
    }
}

/* Variates of one set -> a block, and columns outside of U. */
static void fluctuation(const kets_run *s, const double *z, const double *u, small *block, double *columns)
{
    const int64_t row = s->row, r = s->kets, d = s->d;
    cleared(r, block);
    for (int64_t p = 0; p < s->pairs; p++) {
        const int64_t j = s->upper[p], k = s->upper[s->pairs + p];
        block->re[j][k] = s->sizes[p] * z[s->pairs + p];
        block->im[j][k] = -s->sizes[p] * z[p];
        block->re[k][j] = -block->re[j][k];
        block->im[k][j] = block->im[j][k];
    }
    z += 2 * s->pairs;
    for (int64_t k = 0; k < r; k++) {
        double *re = columns + 2 * row * k, *im = re + row;
        memset(re, 0, (size_t)(2 * row) * sizeof(double));
        for (int64_t i = 0; i < d; i++) {
            re[i] = s->outer_sizes[k] * z[d * r + i * r + k];
            im[i] = -s->outer_sizes[k] * z[i * r + k];
        }
    }
    small along;
    overlaps(row, r, u, r, columns, &along);
    for (int64_t k = 0; k < r; k++) {
        for (int64_t j = 0; j < r; j++) {
            add(row, -along.re[j][k], -along.im[j][k], u + 2 * row * j, columns + 2 * row * k);
        }
    }
}

/* The variates of one trajectory at a step; for joined ones `more` has room for as many. */
static void variates(const kets_run *s, int64_t trajectory, uint64_t step, double *z, double *more)
{
    const stream *n = &s->numbers;
    const int64_t blocks = (n->count + 7) / 8, own = n->count / n->sets;
    const uint64_t first = n->first + (uint64_t)trajectory, b = (uint64_t)blocks;
    if (!n->joined) {
        qllg_normals(n->seed, first, step * b, blocks, z);
        return;
    }
    qllg_normals(n->seed, first, 2 * step * b, blocks, z);
    qllg_normals(n->seed, first, (2 * step + 1) * b, blocks, more);
    for (int64_t i = 0; i < own; i++) {
        const double p = z[i], q = more[i];
        z[i] = (p + q) * 0.7071067811865476;
        if (n->sets == 2) {
            z[own + i] = (q - p) * 0.7071067811865476;
        }
    }
}

/* A step of noise as `strang.py` has it. */
void qllg_kets_noise(const kets_run *s, int64_t step)
{
    const int64_t row = s->row, r = s->kets, size = 2 * row * r, own = s->numbers.count / 2;
    double *columns = s->room + size, *z = columns + 2 * size, *more = z + (s->numbers.count + 7) / 8 * 8;
    for (int64_t m = 0; m < s->count; m++) {
        double *u = s->u + m * size;
        small one, other, both, last, grams, block;
        variates(s, m, (uint64_t)step, z, more);
        fluctuation(s, z, u, &block, columns);
        fluctuation(s, z + own, u, &last, columns + size);
        overlaps(row, 2 * r, columns, 2 * r, columns, &grams);
        in_span(r, 3 * r, 0, &block, &grams, &one);
        in_span(r, 3 * r, 1, &last, &grams, &other);
        commutator(3 * r, &one, &other, &both);
        commutator(3 * r, &other, &both, &last);
        increase(3 * r, 0.35355339059327373, &both, &one);
        increase(3 * r, -1.0 / 12.0, &last, &one);
        exponential(3 * r, r, &one, &both);
        moved(s, 3 * r, &both, u, columns, s->room);
    }
}

/* A step of drift and noise at once; without noise where it is silent. */
void qllg_kets_euler(const kets_run *s, double length, int64_t step, int64_t silent)
{
    const int64_t row = s->row, r = s->kets, size = 2 * row * r;
    double *columns = s->room + size, *z = columns + 2 * size, *more = z + (s->numbers.count + 7) / 8 * 8;
    for (int64_t m = 0; m < s->count; m++) {
        double *u = s->u + m * size, *image = s->image + m * size;
        small block, other, grams, t, moving;
        generator(s, length, u, u, 0, image, &block);
        if (!silent) {
            variates(s, m, (uint64_t)step, z, more);
            fluctuation(s, z, u, &other, columns);
            increase(r, 1.0, &other, &block);
            for (int64_t k = 0; k < r; k++) {
                add(row, 1.0, 0.0, columns + 2 * row * k, image + 2 * row * k);
            }
        }
        overlaps(row, r, image, r, image, &grams);
        in_span(r, 2 * r, 0, &block, &grams, &t);
        exponential(2 * r, r, &t, &moving);
        moved(s, 2 * r, &moving, u, image, s->room);
    }
}

/* U <- U (3 - U^H U)/2 */
void qllg_kets_polish(const kets_run *s)
{
    const int64_t row = s->row, r = s->kets, size = 2 * row * r;
    for (int64_t m = 0; m < s->count; m++) {
        small grams;
        overlaps(row, r, s->u + m * size, r, s->u + m * size, &grams);
        for (int64_t j = 0; j < r; j++) {
            for (int64_t k = 0; k < r; k++) {
                grams.re[j][k] = (j == k ? 1.5 : 0.0) - 0.5 * grams.re[j][k];
                grams.im[j][k] *= -0.5;
            }
        }
        moved(s, r, &grams, s->u + m * size, 0, s->room);
    }
}

/* Kets as they are held <-> columns side by side, complex, (d, count), as H takes them. */
void qllg_kets_side_by_side(int64_t count, int64_t d, int64_t row, const double *held, double *out)
{
    for (int64_t i = 0; i < d; i++) {
        for (int64_t k = 0; k < count; k++) {
            out[2 * (i * count + k)] = held[2 * row * k + i];
            out[2 * (i * count + k) + 1] = held[2 * row * k + row + i];
        }
    }
}

void qllg_kets_apart(int64_t count, int64_t d, int64_t row, const double *columns, double *held)
{
    for (int64_t k = 0; k < count; k++) {
        for (int64_t i = 0; i < d; i++) {
            held[2 * row * k + i] = columns[2 * (i * count + k)];
            held[2 * row * k + row + i] = columns[2 * (i * count + k) + 1];
        }
    }
}
